<?php
/**
 * Installs WordPress into an empty database, with three people, and prints their application passwords as JSON.
 *
 * @package newstagger-rig
 */

define( 'WP_INSTALLING', true );
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

const RIG_PASSWORD = 'words for tests';

wp_install( 'Courier', 'chief', 'chief@courier.example', true, '', RIG_PASSWORD );
$rig_people = array(
	'chief' => 'administrator',
	'ana'   => 'editor',
	'ben'   => 'author',
);
$rig_told   = array();
foreach ( $rig_people as $rig_name => $rig_role ) {
	$rig_id = username_exists( $rig_name );
	if ( ! $rig_id ) {
		$rig_id = wp_insert_user(
			array(
				'user_login' => $rig_name,
				'user_pass'  => RIG_PASSWORD,
				'user_email' => $rig_name . '@courier.example',
				'role'       => $rig_role,
			)
		);
	}
	// The welcome guide covers the editor that a browser is to type into.
	update_user_meta( $rig_id, 'wp_persisted_preferences', array( 'core/edit-post' => array( 'welcomeGuide' => false ), 'core' => array( 'enableChoosePatternModal' => false ), '_modified' => gmdate( 'c' ) ) );
	list( $rig_told[ $rig_name ] ) = WP_Application_Passwords::create_new_application_password( $rig_id, array( 'name' => 'tests' ) );
}
update_option( 'timezone_string', 'UTC' );
update_option( 'show_avatars', 0 ); // They come from elsewhere.
update_option( 'default_pingback_flag', 0 );
update_option( 'default_ping_status', 'closed' );
wp_delete_post( 1, true );
wp_delete_post( 2, true );
wp_delete_post( 3, true );
switch_theme( 'courier' );
echo wp_json_encode( $rig_told );
