<?php
/**
 * Terms and concepts: which term a concept goes by, and which concept a term means.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * The taxonomies, and the closed vocabulary in them. A concept has one term a taxonomy, found by its id.
 */
class Newstagger_Vocabulary {

	const CONCEPT = 'newstagger_concept';
	const LABEL   = 'newstagger_label';
	const OWN     = 'wp:';
	const LONGEST = 200;

	/**
	 * True while a term is made by us.
	 *
	 * @var bool
	 */
	private static $making = false;

	/**
	 * Registers the taxonomies that the settings name and that are ours.
	 */
	public static function register() {
		$labels = array(
			'topic'  => array( __( 'Topics', 'newstagger' ), __( 'Topic', 'newstagger' ) ),
			'region' => array( __( 'Regions', 'newstagger' ), __( 'Region', 'newstagger' ) ),
			'actor'  => array( __( 'Actors', 'newstagger' ), __( 'Actor', 'newstagger' ) ),
		);
		$chosen = Newstagger_Settings::chosen_taxonomies();
		foreach ( $labels as $facet => $names ) {
			if ( 'newstagger_' . $facet === $chosen[ $facet ] ) {
				self::register_own( $chosen[ $facet ], $names[0], $names[1] );
			} elseif ( taxonomy_exists( $chosen[ $facet ] ) && ! is_taxonomy_hierarchical( $chosen[ $facet ] ) ) {
				get_taxonomy( $chosen[ $facet ] )->meta_box_sanitize_cb = array( __CLASS__, 'ids_of_input' );
			}
		}
	}

	/**
	 * Registers one taxonomy.
	 *
	 * @param string $taxonomy Its name.
	 * @param string $many     Its label.
	 * @param string $one      Its label for one term.
	 */
	private static function register_own( $taxonomy, $many, $one ) {
		$arguments = array(
			'labels'               => array(
				'name'          => $many,
				'singular_name' => $one,
			),
			'public'               => true,
			'hierarchical'         => false,
			'show_in_rest'         => true,
			'show_admin_column'    => true,
			'show_in_quick_edit'   => true,
			'rewrite'              => array( 'slug' => str_replace( 'newstagger_', 'news-', $taxonomy ) ),
			'meta_box_sanitize_cb' => array( __CLASS__, 'ids_of_input' ),
		);
		/**
		 * Filters how a taxonomy of newstagger's own is registered.
		 *
		 * @param array  $arguments What `register_taxonomy` takes.
		 * @param string $taxonomy  The taxonomy.
		 */
		register_taxonomy( $taxonomy, Newstagger_Settings::post_types(), (array) apply_filters( 'newstagger_taxonomy_args', $arguments, $taxonomy ) );
	}

	/**
	 * Calls a term as the person does who has just renamed it.
	 *
	 * @param int    $term_id  The term.
	 * @param int    $tt_id    Its id in the taxonomy.
	 * @param string $taxonomy The taxonomy.
	 */
	public static function on_edited( $term_id, $tt_id, $taxonomy ) {
		$term  = in_array( $taxonomy, Newstagger_Settings::taxonomies(), true ) ? get_term( $term_id, $taxonomy ) : null;
		$label = $term instanceof WP_Term ? get_term_meta( $term_id, self::LABEL, true ) : '';
		if ( $label && self::folded( $term->name ) !== self::folded( self::name_from( $label ) ) ) {
			delete_term_meta( $term_id, self::LABEL );
		}
	}

	/**
	 * Turns what a comma separated field holds into terms, without tearing a name apart that has commas itself.
	 *
	 * @param string       $taxonomy The taxonomy.
	 * @param string|array $input    Names with commas between, or a list of names or ids.
	 * @return array Term ids, and names of terms that there are not yet.
	 */
	public static function ids_of_input( $taxonomy, $input ) {
		if ( is_array( $input ) ) {
			return taxonomy_meta_box_sanitize_cb_input( $taxonomy, $input );
		}
		$comma  = _x( ',', 'tag delimiter' ); // phpcs:ignore WordPress.WP.I18n.MissingArgDomain -- WordPress' own delimiter.
		$pieces = array_values( array_filter( array_map( 'trim', explode( $comma, (string) $input ) ), 'strlen' ) );
		$known  = self::names_with_commas( $taxonomy, $comma );
		$terms  = array();
		$count  = count( $pieces );
		for ( $from = 0; $from < $count; $from += $taken ) {
			for ( $taken = min( 12, $count - $from ); $taken > 1; $taken-- ) {
				$name = self::folded( implode( $comma, array_slice( $pieces, $from, $taken ) ) );
				if ( isset( $known[ $name ] ) ) {
					$terms[] = $known[ $name ];
					continue 2;
				}
			}
			$taken = 1;
			$found = taxonomy_meta_box_sanitize_cb_input( $taxonomy, array( $pieces[ $from ] ) );
			$terms = array_merge( $terms, $found );
		}
		return $terms;
	}

	/**
	 * The terms whose names hold commas, by folded name.
	 *
	 * @param string $taxonomy The taxonomy.
	 * @param string $comma    The delimiter.
	 * @return array<string,int>
	 */
	private static function names_with_commas( $taxonomy, $comma ) {
		$known = array();
		$terms = get_terms(
			array(
				'taxonomy'   => $taxonomy,
				'hide_empty' => false,
				'name__like' => $comma,
				'fields'     => 'id=>name',
			)
		);
		foreach ( is_array( $terms ) ? $terms : array() as $id => $name ) {
			$known[ self::folded( $name ) ] = (int) $id;
		}
		return $known;
	}

	/**
	 * A name as it is compared: no entities, no blanks, no capitals.
	 *
	 * @param string $name A name.
	 * @return string
	 */
	private static function folded( $name ) {
		$plain = html_entity_decode( (string) $name, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		$plain = preg_replace( '/\s+/u', '', $plain );
		return function_exists( 'mb_strtolower' ) ? mb_strtolower( $plain, 'UTF-8' ) : strtolower( $plain );
	}

	/**
	 * The concept that a term means: the concept's id, or an id of our own for a term that people made.
	 *
	 * @param WP_Term $term A term.
	 * @return string
	 */
	public static function concept_of( $term ) {
		$concept = get_term_meta( $term->term_id, self::CONCEPT, true );
		return is_string( $concept ) && '' !== $concept ? $concept : self::OWN . $term->term_id;
	}

	/**
	 * What a term is called in full, as plain text.
	 *
	 * @param WP_Term $term A term.
	 * @return string
	 */
	public static function label_of( $term ) {
		$label = get_term_meta( $term->term_id, self::LABEL, true );
		return is_string( $label ) && '' !== $label ? $label : html_entity_decode( $term->name, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	}

	/**
	 * The terms on a post, as the database has them now.
	 *
	 * @param int $post_id The post.
	 * @return WP_Term[]
	 */
	public static function on( $post_id ) {
		$taxonomies = array_values( array_unique( Newstagger_Settings::taxonomies() ) );
		$terms      = $taxonomies ? wp_get_object_terms( $post_id, $taxonomies ) : array();
		return is_array( $terms ) ? $terms : array();
	}

	/**
	 * The taxonomy of a facet on a post; '' where it has none.
	 *
	 * @param string $facet   The facet.
	 * @param int    $post_id The post.
	 * @return string
	 */
	public static function taxonomy_for( $facet, $post_id ) {
		$taxonomies = Newstagger_Settings::taxonomies();
		$taxonomy   = isset( $taxonomies[ $facet ] ) ? $taxonomies[ $facet ] : '';
		return $taxonomy && is_object_in_taxonomy( get_post_type( $post_id ), $taxonomy ) ? $taxonomy : '';
	}

	/**
	 * The term of a concept, or null.
	 *
	 * @param string $concept  The concept's id.
	 * @param string $taxonomy The taxonomy.
	 * @return WP_Term|null
	 */
	public static function find( $concept, $taxonomy ) {
		if ( 0 === strpos( $concept, self::OWN ) ) {
			$term = get_term( (int) substr( $concept, strlen( self::OWN ) ) );
			$is_ours = $term instanceof WP_Term && in_array( $term->taxonomy, Newstagger_Settings::taxonomies(), true );
			return $is_ours && self::concept_of( $term ) === $concept ? $term : null; // Since it means a concept, that is what is told.
		}
		$found = get_terms(
			array(
				'taxonomy'   => $taxonomy,
				'hide_empty' => false,
				'number'     => 1,
				'orderby'    => 'term_id',
				'meta_key'   => self::CONCEPT, // phpcs:ignore WordPress.DB.SlowDBQuery
				'meta_value' => $concept, // phpcs:ignore WordPress.DB.SlowDBQuery
			)
		);
		return is_array( $found ) && $found ? $found[0] : null;
	}

	/**
	 * The term of a concept, made if there is none: by id first, then by name; never a second one of a name.
	 *
	 * @param string $concept  The concept's id.
	 * @param string $label    Its label.
	 * @param string $facet    Its facet.
	 * @param string $taxonomy The taxonomy.
	 * @return WP_Term|null Null when none could be made.
	 */
	public static function term_for( $concept, $label, $facet, $taxonomy ) {
		$term = self::find( $concept, $taxonomy );
		if ( $term || 0 === strpos( $concept, self::OWN ) ) {
			return $term;
		}
		$lock = Newstagger_Counter::lock_soon( 'terms', 10 ); // Without it WordPress' own check has to do.
		try {
			wp_cache_set_terms_last_changed(); // Another process may have made it just now.
			$term = self::find( $concept, $taxonomy );
			return $term ? $term : self::make( $concept, $label, $facet, $taxonomy );
		} finally {
			Newstagger_Counter::release( 'terms', $lock );
		}
	}

	/**
	 * Gives a concept the term of its name, or makes one.
	 *
	 * @param string $concept  The concept's id.
	 * @param string $label    Its label.
	 * @param string $facet    Its facet.
	 * @param string $taxonomy The taxonomy.
	 * @return WP_Term|null
	 */
	private static function make( $concept, $label, $facet, $taxonomy ) {
		$label = trim( preg_replace( '/\s+/u', ' ', (string) $label ) );
		$label = '' === $label ? $concept : $label;
		$mixed = count( array_keys( Newstagger_Settings::taxonomies(), $taxonomy, true ) ) > 1;
		foreach ( array_filter( array( $label, $mixed ? "$label ($facet)" : '', "$label ($concept)" ), 'strlen' ) as $candidate ) {
			$name = self::name_from( $candidate );
			$term = self::by_name( $name, $taxonomy );
			if ( ! $term ) {
				$term = self::insert( $name, $concept, $taxonomy );
			}
			if ( $term && in_array( self::concept_of( $term ), array( $concept, self::OWN . $term->term_id ), true ) ) {
				update_term_meta( $term->term_id, self::CONCEPT, wp_slash( $concept ) );
				update_term_meta( $term->term_id, self::LABEL, wp_slash( $candidate ) );
				return $term;
			}
		}
		return null;
	}

	/**
	 * A label as the name of a term: markup as entities, as WordPress stores it, and no longer than its column.
	 *
	 * @param string $label A label.
	 * @return string
	 */
	private static function name_from( $label ) {
		$label = html_entity_decode( $label, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		$name  = htmlspecialchars( $label, ENT_NOQUOTES, 'UTF-8' );
		for ( $room = self::LONGEST - 1; mb_strlen( $name ) > self::LONGEST; $room -= 10 ) {
			$tail = preg_match( '/ \([a-z]+:[^)]{1,80}\)$/u', $label, $match ) ? $match[0] : '';
			$name = htmlspecialchars( mb_substr( $label, 0, $room - mb_strlen( $tail ) ) . '…' . $tail, ENT_NOQUOTES, 'UTF-8' );
		}
		return $name;
	}

	/**
	 * The term of a name, capitals aside.
	 *
	 * @param string $name     The name, as WordPress stores it.
	 * @param string $taxonomy The taxonomy.
	 * @return WP_Term|null
	 */
	private static function by_name( $name, $taxonomy ) {
		$found = get_terms(
			array(
				'taxonomy'   => $taxonomy,
				'hide_empty' => false,
				'name'       => $name,
				'orderby'    => 'term_id',
			)
		);
		foreach ( is_array( $found ) ? $found : array() as $term ) {
			if ( self::folded( $term->name ) === self::folded( $name ) ) {
				return $term;
			}
		}
		return null;
	}

	/**
	 * Makes a term. Where another name has its address already, the concept's id is the address: no `name-2`.
	 *
	 * @param string $name     The name.
	 * @param string $concept  The concept's id.
	 * @param string $taxonomy The taxonomy.
	 * @return WP_Term|null
	 */
	private static function insert( $name, $concept, $taxonomy ) {
		$slug = sanitize_title( $name );
		if ( '' === $slug || get_term_by( 'slug', $slug, $taxonomy ) ) {
			$slug = sanitize_title( str_replace( array( ':', '/' ), '-', $concept ) );
		}
		self::$making = true;
		try {
			$made = wp_insert_term( wp_slash( $name ), $taxonomy, array( 'slug' => $slug ) );
		} finally {
			self::$making = false;
		}
		$term_id = is_wp_error( $made ) ? (int) $made->get_error_data( 'term_exists' ) : (int) $made['term_id'];
		$term    = $term_id ? get_term( $term_id, $taxonomy ) : null;
		return $term instanceof WP_Term ? $term : null;
	}

	/**
	 * Asks the service whether a term that a person made is a concept's name; if it cannot tell, the term stays people's own.
	 *
	 * @param int    $term_id  The term.
	 * @param int    $tt_id    Its id in the taxonomy.
	 * @param string $taxonomy The taxonomy.
	 */
	public static function on_created( $term_id, $tt_id, $taxonomy ) {
		$facets = array_keys( Newstagger_Settings::taxonomies(), $taxonomy, true );
		if ( self::$making || ! $facets || '' === Newstagger_Settings::url() || defined( 'WP_IMPORTING' ) || Newstagger_Breaker::is_open() ) {
			return;
		}
		$term = get_term( $term_id, $taxonomy );
		if ( ! $term instanceof WP_Term ) {
			return;
		}
		$concept = self::named( self::label_of( $term ), $facets );
		if ( $concept && ! self::find( $concept['concept'], $taxonomy ) ) {
			update_term_meta( $term_id, self::CONCEPT, wp_slash( $concept['concept'] ) );
			update_term_meta( $term_id, self::LABEL, wp_slash( $concept['label'] ) );
		}
	}

	/**
	 * The one concept that bears a name, or null.
	 *
	 * @param string   $name   What a person typed.
	 * @param string[] $facets The facets that it may be of.
	 * @return array|null
	 */
	private static function named( $name, array $facets ) {
		$query = array(
			'q'     => rawurlencode( mb_substr( $name, 0, 200 ) ),
			'limit' => 20,
		);
		if ( 1 === count( $facets ) ) {
			$query['facet'] = $facets[0];
		}
		$said  = Newstagger_Client::call( 'GET', add_query_arg( $query, '/v1/concepts' ), null, Newstagger_Settings::wait_ms() );
		if ( 0 === $said['code'] ) {
			Newstagger_Breaker::failed();
		}
		$found = array();
		foreach ( isset( $said['data']['concepts'] ) ? (array) $said['data']['concepts'] : array() as $concept ) {
			if ( ! isset( $concept['concept'], $concept['label'], $concept['facet'] ) || ! in_array( $concept['facet'], $facets, true ) ) {
				continue;
			}
			if ( self::folded( $concept['label'] ) === self::folded( $name ) ) {
				$found[ (string) $concept['concept'] ] = $concept;
			}
		}
		return 1 === count( $found ) ? reset( $found ) : null;
	}
}
