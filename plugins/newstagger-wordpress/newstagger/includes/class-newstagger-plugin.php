<?php
/**
 * Ties the plugin's parts to WordPress' hooks.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Where everything is hooked in; nothing else lives here.
 */
class Newstagger_Plugin {

	/**
	 * Hooks in what every request needs, and the admin's part where there is one.
	 */
	public static function boot() {
		add_action( 'init', array( 'Newstagger_Vocabulary', 'register' ), 20 );
		add_action( 'init', array( __CLASS__, 'keep_sweeping' ) );
		add_action( 'edited_term', array( 'Newstagger_Vocabulary', 'on_edited' ), 10, 3 );
		add_action( 'created_term', array( 'Newstagger_Vocabulary', 'on_created' ), 10, 3 );
		add_action( 'wp_after_insert_post', array( 'Newstagger_Saver', 'on_saved' ), 20, 4 );
		add_action( 'before_delete_post', array( 'Newstagger_Saver', 'on_deleted' ), 10, 2 );
		add_action( 'added_post_meta', array( 'Newstagger_Copies', 'on_meta' ), 10, 4 );
		add_action( 'updated_post_meta', array( 'Newstagger_Copies', 'on_meta' ), 10, 4 );
		add_filter( 'import_post_meta_key', array( 'Newstagger_Copies', 'skip_imported' ) );
		add_filter( '_wp_post_revision_fields', array( 'Newstagger_Saver', 'on_revision_fields' ), 10, 2 );
		add_action( 'http_api_curl', array( 'Newstagger_Client', 'limit' ), 10, 3 );
		add_action( Newstagger_Queue::HOOK, array( 'Newstagger_Queue', 'run' ), 10, 0 );
		add_action( Newstagger_Queue::SWEEP, array( 'Newstagger_Queue', 'sweep' ) );
		add_action( Newstagger_Backfill::HOOK, array( 'Newstagger_Backfill', 'step' ), 10, 0 );
		add_action( 'rest_api_init', array( 'Newstagger_Rest', 'register' ) );
		add_filter( 'site_status_tests', array( 'Newstagger_Health', 'add' ) );
		if ( is_admin() ) {
			Newstagger_Admin::boot();
			Newstagger_Editor::boot();
		}
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			WP_CLI::add_command( 'newstagger', 'Newstagger_CLI' );
		}
	}

	/**
	 * Sees to it that posts which wait for their tags are never forgotten.
	 */
	public static function activate() {
		self::keep_sweeping();
		Newstagger_Vocabulary::register();
		flush_rewrite_rules();
	}

	/**
	 * Sets the clock where it is not: a network activates the plugin on one site only, and sites come later.
	 */
	public static function keep_sweeping() {
		if ( ! wp_installing() && ! wp_next_scheduled( Newstagger_Queue::SWEEP ) ) {
			wp_schedule_event( time() + HOUR_IN_SECONDS, 'hourly', Newstagger_Queue::SWEEP );
		}
	}

	/**
	 * Takes the plugin's events off the clock; what is stored stays.
	 */
	public static function deactivate() {
		foreach ( array( Newstagger_Queue::HOOK, Newstagger_Queue::SWEEP, Newstagger_Backfill::HOOK ) as $hook ) {
			wp_clear_scheduled_hook( $hook );
		}
		flush_rewrite_rules();
	}
}
