<?php
/**
 * Hands the panel to the block editor.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Scripts and styles; the panel itself is assets/editor.js.
 */
class Newstagger_Editor {

	const PARTS = array( 'wp-api-fetch', 'wp-components', 'wp-core-data', 'wp-data', 'wp-edit-post', 'wp-editor', 'wp-element', 'wp-i18n', 'wp-plugins' );

	/**
	 * Hooks in.
	 */
	public static function boot() {
		add_action( 'enqueue_block_editor_assets', array( __CLASS__, 'enqueue' ) );
		Newstagger_Metabox::boot();
	}

	/**
	 * Loads the panel where a post is edited that is tagged.
	 */
	public static function enqueue() {
		$screen = get_current_screen();
		if ( ! $screen || 'post' !== $screen->base || ! in_array( $screen->post_type, Newstagger_Settings::post_types(), true ) ) {
			return;
		}
		wp_enqueue_style( 'newstagger-editor', plugins_url( 'assets/editor.css', NEWSTAGGER_FILE ), array(), NEWSTAGGER_VERSION );
		wp_enqueue_script( 'newstagger-editor', plugins_url( 'assets/editor.js', NEWSTAGGER_FILE ), self::PARTS, NEWSTAGGER_VERSION, true );
		wp_set_script_translations( 'newstagger-editor', 'newstagger' );
		$told = wp_json_encode( self::told( $screen->post_type ), JSON_HEX_TAG | JSON_HEX_AMP );
		wp_add_inline_script( 'newstagger-editor', "var newstaggerEditor = $told;", 'before' );
	}

	/**
	 * What the script has to know.
	 *
	 * @param string $post_type The type of the post.
	 * @return array
	 */
	private static function told( $post_type ) {
		$type       = get_post_type_object( $post_type );
		$taxonomies = array();
		foreach ( Newstagger_Settings::taxonomies() as $facet => $taxonomy ) {
			$object       = get_taxonomy( $taxonomy );
			$taxonomies[] = array(
				'facet'     => $facet,
				'taxonomy'  => $taxonomy,
				'rest_base' => $object->rest_base ? $object->rest_base : $taxonomy,
				'label'     => $object->labels->name,
			);
		}
		return array(
			'path'       => '/' . ( $type->rest_namespace ? $type->rest_namespace : 'wp/v2' ) . '/' . ( $type->rest_base ? $type->rest_base : $post_type ),
			'taxonomies' => $taxonomies,
			'configured' => '' !== Newstagger_Settings::url(),
		);
	}
}
