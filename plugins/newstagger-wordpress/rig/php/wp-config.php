<?php
/**
 * Settings of a WordPress for tests: everything that differs from run to run comes from the environment.
 *
 * @package newstagger-rig
 */

define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', '' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'DB_DIR', getenv( 'RIG_DATABASE' ) );
define( 'DB_FILE', 'site.sqlite' );
define( 'WP_HOME', getenv( 'RIG_ADDRESS' ) );
define( 'WP_SITEURL', getenv( 'RIG_ADDRESS' ) );

foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $rig_name ) {
	define( $rig_name . '_KEY', 'a key of tests, ' . $rig_name );
	define( $rig_name . '_SALT', 'a salt of tests, ' . $rig_name );
}

define( 'WP_ENVIRONMENT_TYPE', 'local' ); // Application passwords without TLS.
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); // Nothing is fetched from anywhere but this machine.
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' );
define( 'DISABLE_WP_CRON', true ); // The test is the clock.
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', getenv( 'RIG_LOG' ) );
define( 'SAVEQUERIES', false );
define( 'SCRIPT_DEBUG', false );

$table_prefix = 'wp_';

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
