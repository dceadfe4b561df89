<?php
/**
 * Takes away what the plugin stored. Terms stay, and so does what is on posts, unless the settings say otherwise.
 *
 * @package newstagger
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Uninstalls one site.
 */
function newstagger_uninstall_site() {
	global $wpdb;
	$settings = get_option( 'newstagger_settings', array() );
	if ( ! empty( $settings['delete_terms'] ) ) {
		foreach ( array( 'newstagger_topic', 'newstagger_region', 'newstagger_actor' ) as $taxonomy ) {
			register_taxonomy( $taxonomy, array() );
			$terms = get_terms(
				array(
					'taxonomy'   => $taxonomy,
					'hide_empty' => false,
					'fields'     => 'ids',
				)
			);
			foreach ( is_array( $terms ) ? $terms : array() as $term_id ) {
				wp_delete_term( $term_id, $taxonomy );
			}
		}
		delete_metadata( 'term', 0, 'newstagger_concept', '', true );
		delete_metadata( 'term', 0, 'newstagger_label', '', true );
	}
	foreach ( array( '', '_machine', '_revision', '_pending', '_queue', '_lock', '_copied_from' ) as $key ) {
		delete_post_meta_by_key( '_newstagger' . $key );
	}
	$like = $wpdb->esc_like( 'newstagger_' ) . '%';
	foreach ( (array) $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $like ) ) as $option ) { // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		delete_option( $option );
	}
	foreach ( array( 'newstagger_retry', 'newstagger_sweep', 'newstagger_backfill' ) as $hook ) {
		wp_clear_scheduled_hook( $hook );
	}
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $newstagger_site ) { // phpcs:ignore WordPress.Arrays
		switch_to_blog( $newstagger_site );
		newstagger_uninstall_site();
		restore_current_blog();
	}
} else {
	newstagger_uninstall_site();
}
