<?php
/**
 * What a test does to WordPress that no editor does: it stops mail, lets time pass and looks behind the curtain. Loaded as a must-use plugin.
 *
 * @package newstagger-rig
 */

/**
 * Sends no mail.
 *
 * @return bool
 */
function wp_mail() {
	return true;
}

// The clock asks for nothing that this machine cannot answer.
foreach ( array( 'wp_version_check', 'wp_update_plugins', 'wp_update_themes' ) as $rig_call ) {
	add_action( 'init', static fn() => wp_clear_scheduled_hook( $rig_call ) );
	remove_action( 'init', 'wp_schedule_update_checks' );
	remove_action( 'admin_init', '_maybe_update_core' );
	remove_action( 'admin_init', '_maybe_update_plugins' );
	remove_action( 'admin_init', '_maybe_update_themes' );
}

add_action(
	'rest_api_init',
	static function () {
		$rig_may = static fn() => current_user_can( 'manage_options' );
		register_rest_route(
			'rig/v1',
			'/time',
			array(
				'methods'             => 'POST',
				'permission_callback' => $rig_may,
				'callback'            => static fn( $request ) => rig_pass( (int) $request['seconds'] ),
			)
		);
		register_rest_route(
			'rig/v1',
			'/php',
			array(
				'methods'             => 'POST',
				'permission_callback' => $rig_may,
				'callback'            => static fn( $request ) => array( 'value' => eval( $request['code'] ) ), // phpcs:ignore Squiz.PHP.Eval
			)
		);
	}
);

/**
 * Lets time pass for what waits: what is due later, and what runs out, is moved into the past.
 *
 * @param int $seconds How many.
 * @return array
 */
function rig_pass( $seconds ) {
	global $wpdb;
	$moved = array();
	foreach ( _get_cron_array() as $due => $events ) {
		$moved[ $due - $seconds ] = $events + ( $moved[ $due - $seconds ] ?? array() );
	}
	ksort( $moved );
	_set_cron_array( $moved );
	foreach ( get_posts( array( 'post_status' => 'future', 'numberposts' => -1, 'post_type' => 'any' ) ) as $post ) {
		$then = get_post_timestamp( $post ) - $seconds;
		$wpdb->update( $wpdb->posts, array( 'post_date' => wp_date( 'Y-m-d H:i:s', $then ), 'post_date_gmt' => gmdate( 'Y-m-d H:i:s', $then ) ), array( 'ID' => $post->ID ) );
		clean_post_cache( $post->ID );
	}
	foreach ( $wpdb->get_results( "SELECT option_name, option_value FROM $wpdb->options WHERE option_name LIKE '_transient_timeout_%'" ) as $row ) {
		update_option( $row->option_name, (int) $row->option_value - $seconds );
	}
	return array( 'passed' => $seconds );
}
