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

if ( get_option( 'rig_classic' ) ) { // As the plugin Classic Editor does.
	add_filter( 'use_block_editor_for_post', '__return_false' );
}

add_action(
	'rest_api_init',
	static function () {
		$rig_routes = array(
			'time'   => static fn( $request ) => rig_pass( (int) $request['seconds'], (array) $request['meta'], (array) $request['options'] ),
			'option' => static fn( $request ) => update_option( $request['name'], $request['value'] ),
			'import' => static fn( $request ) => array_map( 'rig_import', $request['posts'] ),
			'copy'   => static fn( $request ) => rig_copy( get_post( $request['post'] ) ),
			'event'  => static fn( $request ) => rig_event( get_post( $request['post'] ), $request['revision'] ),
		);
		foreach ( $rig_routes as $name => $callback ) {
			$rig_may = static fn() => current_user_can( 'manage_options' );
			register_rest_route( 'rig/v1', "/$name", array( 'methods' => 'POST', 'permission_callback' => $rig_may, 'callback' => $callback ) );
		}
	}
);

/**
 * Lets time pass for what waits: what is due later, and what runs out, is moved into the past.
 *
 * @param int   $seconds How many.
 * @param array $meta    Names of post meta that hold a Unix time.
 * @param array $options Names of options that hold a Unix time.
 * @return array
 */
function rig_pass( $seconds, $meta, $options ) {
	global $wpdb;
	$moved = array();
	foreach ( _get_cron_array() as $due => $events ) {
		$moved[ $due - $seconds ] = $events;
	}
	_set_cron_array( $moved );
	foreach ( get_posts( array( 'post_status' => 'future', 'numberposts' => -1, 'post_type' => 'any' ) ) as $post ) {
		$then = get_post_timestamp( $post ) - $seconds;
		$wpdb->update( $wpdb->posts, array( 'post_date' => wp_date( 'Y-m-d H:i:s', $then ), 'post_date_gmt' => gmdate( 'Y-m-d H:i:s', $then ) ), array( 'ID' => $post->ID ) );
		clean_post_cache( $post->ID );
	}
	foreach ( $meta as $name ) {
		$wpdb->query( $wpdb->prepare( "UPDATE $wpdb->postmeta SET meta_value = meta_value - %d WHERE meta_key = %s", $seconds, $name ) );
	}
	$outs = $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '_transient_timeout_%'" );
	foreach ( array_filter( array_merge( $options, $outs ), 'get_option' ) as $name ) {
		update_option( $name, (int) get_option( $name ) - $seconds );
	}
	return array( 'passed' => $seconds );
}

/**
 * Brings in a live post past all hooks that run after a save, with terms, as bulk importers do.
 *
 * @param array $post Title, content and terms by taxonomy.
 * @return int
 */
function rig_import( $post ) {
	$id = wp_insert_post( wp_slash( array( 'post_title' => $post['title'], 'post_content' => $post['content'], 'post_status' => 'publish' ) ), true, false );
	foreach ( $post['terms'] as $taxonomy => $names ) {
		wp_set_object_terms( $id, $names, $taxonomy );
	}
	return $id;
}

/**
 * Copies a post as Duplicate Post does: the post first, which runs all hooks; then what it is a copy of, the terms, and the meta.
 *
 * @param WP_Post $post The original.
 * @return int
 */
function rig_copy( $post ) {
	$copied = array_intersect_key( $post->to_array(), array_flip( array( 'post_content', 'post_title', 'post_excerpt', 'post_type' ) ) );
	$id     = wp_insert_post( wp_slash( $copied + array( 'post_status' => 'draft' ) ), true );
	add_post_meta( $id, '_dp_original', $post->ID );
	foreach ( get_object_taxonomies( $post->post_type ) as $taxonomy ) {
		wp_set_object_terms( $id, wp_get_object_terms( $post->ID, $taxonomy, array( 'fields' => 'slugs' ) ), $taxonomy );
	}
	foreach ( array_diff( get_post_custom_keys( $post->ID ) ?? array(), array( '_edit_lock', '_edit_last', '_dp_original' ) ) as $key ) {
		delete_post_meta( $id, $key );
		foreach ( get_post_custom_values( $key, $post->ID ) as $value ) {
			add_post_meta( $id, $key, wp_slash( maybe_unserialize( $value ) ) );
		}
	}
	return $id;
}

/**
 * Runs the hook of a save once more, as a plugin does that calls it late or twice.
 *
 * @param WP_Post  $post     The post.
 * @param int|null $revision The revision whose text it is handed; null: the post's own.
 * @return array
 */
function rig_event( $post, $revision ) {
	$told = clone $post;
	if ( $revision ) {
		$told->post_title   = get_post( $revision )->post_title;
		$told->post_content = get_post( $revision )->post_content;
	}
	do_action( 'wp_after_insert_post', $post->ID, $told, true, $told );
	return array( 'told' => $post->ID );
}
