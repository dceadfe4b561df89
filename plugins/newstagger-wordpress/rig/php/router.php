<?php
/**
 * Hands PHP's own server a request as Apache would: files as they are, everything else to WordPress.
 *
 * @package newstagger-rig
 */

$rig_path = rawurldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
if ( '/' !== $rig_path && file_exists( __DIR__ . $rig_path ) ) {
	return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
require __DIR__ . '/index.php';
