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
	 * The site's key; empty: none. A network's key goes to no address that a site of it has chosen.
	 *
	 * @return string
	 */
	public static function key() {
		if ( self::withholds_key() ) {
			return '';
		}
		return trim( (string) ( defined( 'NEWSTAGGER_KEY' ) ? NEWSTAGGER_KEY : self::get( 'key' ) ) );
	}

	/**
	 * Tells whether the network's key is set and the network's address is not.
	 *
	 * @return bool
	 */
	public static function withholds_key() {
		return is_multisite() && defined( 'NEWSTAGGER_KEY' ) && ! defined( 'NEWSTAGGER_URL' );
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
	 * Cleans what the settings page posts, or a program stores: what is not sent stays as it is. A key is not taken along to
	 * another address: whoever names that could read it there.
	 *
	 * @param mixed $input What came in.
	 * @return array
	 */
	public static function sanitize( $input ) {
		$input = is_array( $input ) ? $input : array();
		if ( ! empty( $input['page'] ) ) { // Of the page's boxes those that are not ticked are not sent.
			$input += array(
				'post_types'   => array(),
				'delete_terms' => false,
			);
		}
		if ( ! empty( $input['forget_key'] ) ) {
			$input['key'] = '';
		} elseif ( empty( $input['key'] ) ) {
			unset( $input['key'] );
		}
		$told  = array_intersect_key( $input, self::defaults() ) + self::all();
		$texts = array_intersect_key( $told, array_flip( array( 'key', 'site', 'credit_meta', 'source_meta', 'language' ) ) );
		$clean = array_map( 'sanitize_text_field', array_map( 'strval', $texts ) );

		$told['taxonomies']    = (array) $told['taxonomies'] + self::chosen_taxonomies();
		$clean['url']          = untrailingslashit( esc_url_raw( trim( (string) $told['url'] ), array( 'http', 'https' ) ) );
		if ( empty( $input['key'] ) && '' !== $clean['key'] && untrailingslashit( trim( (string) self::get( 'url' ) ) ) !== $clean['url'] ) {
			$clean['key'] = '';
			self::tell_lost_key();
		}
		$clean['language']     = '' === $clean['language'] ? 'site' : $clean['language'];
		$clean['wait_ms']      = min( 5000, max( 50, absint( $told['wait_ms'] ) ) );
		$clean['mode']         = 'suggest' === $told['mode'] ? 'suggest' : 'apply';
		$clean['post_types']   = array_values( array_filter( array_map( 'sanitize_key', (array) $told['post_types'] ), 'post_type_exists' ) );
		$clean['taxonomies']   = array_map( 'sanitize_key', array_intersect_key( $told['taxonomies'], array_flip( self::FACETS ) ) );
		$clean['delete_terms'] = (bool) $told['delete_terms'];
		return $clean;
	}

	/**
	 * Tells on the settings page that the key has to be typed again.
	 */
	private static function tell_lost_key() {
		if ( function_exists( 'add_settings_error' ) && ! in_array( 'newstagger_key', array_column( get_settings_errors( self::OPTION ), 'code' ), true ) ) {
			add_settings_error( self::OPTION, 'newstagger_key', __( 'newstagger: the address is another now, so the key was forgotten: type the key of the new address.', 'newstagger' ), 'warning' );
		}
	}
}
