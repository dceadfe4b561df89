<?php
/**
 * The plugin's settings: one option, two constants, and what they mean.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads and cleans the settings.
 */
class Newstagger_Settings {

	const OPTION = 'newstagger_settings';
	const FACETS = array( 'topic', 'region', 'actor' );

	/**
	 * What holds where nothing is set.
	 *
	 * @return array
	 */
	public static function defaults() {
		return array(
			'url'          => '',
			'key'          => '',
			'site'         => '',
			'wait_ms'      => 300,
			'post_types'   => array( 'post' ),
			'mode'         => 'apply',
			'taxonomies'   => array(
				'topic'  => 'newstagger_topic',
				'region' => 'newstagger_region',
				'actor'  => 'newstagger_actor',
			),
			'language'     => 'site',
			'credit_meta'  => '',
			'source_meta'  => '',
			'delete_terms' => false,
		);
	}

	/**
	 * All settings.
	 *
	 * @return array
	 */
	public static function all() {
		$stored = get_option( self::OPTION, array() );
		return array_merge( self::defaults(), is_array( $stored ) ? $stored : array() );
	}

	/**
	 * One setting.
	 *
	 * @param string $name Its key.
	 * @return mixed
	 */
	public static function get( $name ) {
		$all = self::all();
		return isset( $all[ $name ] ) ? $all[ $name ] : null;
	}

	/**
	 * Where the service is, without a slash at the end; empty: nowhere.
	 *
	 * @return string
	 */
	public static function url() {
		$url = defined( 'NEWSTAGGER_URL' ) ? NEWSTAGGER_URL : self::get( 'url' );
		return untrailingslashit( trim( (string) $url ) );
	}

	/**
	 * The site's key; empty: none.
	 *
	 * @return string
	 */
	public static function key() {
		return trim( (string) ( defined( 'NEWSTAGGER_KEY' ) ? NEWSTAGGER_KEY : self::get( 'key' ) ) );
	}

	/**
	 * Most that a save waits for the service, in milliseconds.
	 *
	 * @return int
	 */
	public static function wait_ms() {
		return min( 5000, max( 50, (int) self::get( 'wait_ms' ) ) );
	}

	/**
	 * Tells whether sure tags are put on without asking.
	 *
	 * @return bool
	 */
	public static function applies() {
		return 'suggest' !== self::get( 'mode' );
	}

	/**
	 * The post types that are tagged.
	 *
	 * @return string[]
	 */
	public static function post_types() {
		return array_values( array_filter( (array) self::get( 'post_types' ), 'is_string' ) );
	}

	/**
	 * The taxonomy of each facet; those that are not registered are left out.
	 *
	 * @return array<string,string>
	 */
	public static function taxonomies() {
		/**
		 * Filters which taxonomy holds the tags of a facet.
		 *
		 * @param array<string,string> $taxonomies Facet (topic, region, actor) to the name of a taxonomy.
		 */
		$chosen = apply_filters( 'newstagger_taxonomies', self::chosen_taxonomies() );
		return array_filter( array_intersect_key( (array) $chosen, array_flip( self::FACETS ) ), 'taxonomy_exists' );
	}

	/**
	 * The taxonomy that the settings name for each facet, registered or not.
	 *
	 * @return array<string,string>
	 */
	public static function chosen_taxonomies() {
		$defaults = self::defaults();
		$stored   = self::get( 'taxonomies' );
		return array_merge( $defaults['taxonomies'], array_filter( is_array( $stored ) ? $stored : array(), 'is_string' ) );
	}

	/**
	 * What an answer was written under; another one means that it has to be written again.
	 *
	 * @return string
	 */
	public static function fingerprint() {
		return md5( wp_json_encode( array( self::applies(), self::taxonomies() ) ) );
	}

	/**
	 * Cleans what the settings page posts.
	 *
	 * @param mixed $input What came in.
	 * @return array
	 */
	public static function sanitize( $input ) {
		$input = is_array( $input ) ? $input : array();
		$old   = self::all();
		$clean = self::defaults();

		$url          = isset( $input['url'] ) ? esc_url_raw( trim( (string) $input['url'] ), array( 'http', 'https' ) ) : $old['url'];
		$clean['url'] = untrailingslashit( $url );
		$clean['key'] = empty( $input['key'] ) ? $old['key'] : sanitize_text_field( $input['key'] );
		if ( ! empty( $input['forget_key'] ) ) {
			$clean['key'] = '';
		}
		foreach ( array( 'site', 'language', 'credit_meta', 'source_meta' ) as $name ) {
			$clean[ $name ] = isset( $input[ $name ] ) ? sanitize_text_field( $input[ $name ] ) : $old[ $name ];
		}
		$clean['language']     = '' === $clean['language'] ? 'site' : $clean['language'];
		$clean['wait_ms']      = isset( $input['wait_ms'] ) ? min( 5000, max( 50, absint( $input['wait_ms'] ) ) ) : $old['wait_ms'];
		$mode                  = isset( $input['mode'] ) ? $input['mode'] : $old['mode'];
		$clean['mode']         = 'suggest' === $mode ? 'suggest' : 'apply';
		$from_page             = ! empty( $input['page'] ); // Of the page's boxes those that are not ticked are not sent.
		$types                 = isset( $input['post_types'] ) || $from_page ? ( isset( $input['post_types'] ) ? $input['post_types'] : array() ) : $old['post_types'];
		$clean['post_types']   = array_values( array_filter( array_map( 'sanitize_key', (array) $types ), 'post_type_exists' ) );
		$clean['delete_terms'] = isset( $input['delete_terms'] ) || $from_page ? ! empty( $input['delete_terms'] ) : $old['delete_terms'];
		$clean['taxonomies']   = self::chosen_taxonomies();
		foreach ( self::FACETS as $facet ) {
			if ( ! empty( $input['taxonomies'][ $facet ] ) ) {
				$clean['taxonomies'][ $facet ] = sanitize_key( $input['taxonomies'][ $facet ] );
			}
		}
		return $clean;
	}
}
