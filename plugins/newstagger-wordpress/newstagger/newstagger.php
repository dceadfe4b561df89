<?php
/**
 * Plugin Name:       newstagger
 * Plugin URI:        https://github.com/newstagger/newstagger
 * Description:       Tags articles by topic, region and actor when they are saved, says why, and warns of uncredited wire copy. Editors keep the last word.
 * Version:           0.1.0
 * Requires at least: 6.4
 * Requires PHP:      7.4
 * Author:            newstagger contributors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       newstagger
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

define( 'NEWSTAGGER_VERSION', '0.1.0' );
define( 'NEWSTAGGER_FILE', __FILE__ );

spl_autoload_register(
	static function ( $name ) {
		if ( 0 === strpos( $name, 'Newstagger_' ) ) {
			$file = __DIR__ . '/includes/class-' . str_replace( '_', '-', strtolower( $name ) ) . '.php';
			if ( is_readable( $file ) ) {
				require_once $file;
			}
		}
	}
);

register_activation_hook( __FILE__, array( 'Newstagger_Plugin', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'Newstagger_Plugin', 'deactivate' ) );
Newstagger_Plugin::boot();
