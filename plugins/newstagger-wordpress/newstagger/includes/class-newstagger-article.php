<?php
/**
 * A post as the service reads it.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads posts; changes nothing.
 */
class Newstagger_Article {

	/**
	 * Why a post was saved.
	 *
	 * @param WP_Post      $post   The post as it is stored.
	 * @param WP_Post|null $before The post before; null for a new one.
	 * @return string
	 */
	public static function event( $post, $before ) {
		$was_live = $before instanceof WP_Post && self::is_live( $before->post_status );
		if ( 'trash' === $post->post_status ) {
			return 'kill';
		}
		if ( defined( 'WP_IMPORTING' ) && WP_IMPORTING ) {
			return 'import';
		}
		if ( 'future' === $post->post_status ) {
			return 'schedule';
		}
		if ( self::is_live( $post->post_status ) ) {
			return $was_live ? 'correct' : 'publish';
		}
		if ( $was_live ) {
			return 'kill';
		}
		return defined( 'DOING_AUTOSAVE' ) && DOING_AUTOSAVE ? 'autosave' : 'draft';
	}

	/**
	 * Tells whether readers see posts of a status.
	 *
	 * @param string $status The status.
	 * @return bool
	 */
	private static function is_live( $status ) {
		$known = get_post_status_object( $status );
		return $known && $known->public;
	}

	/**
	 * The article's id.
	 *
	 * @param int $post_id The post.
	 * @return string
	 */
	public static function id( $post_id ) {
		return is_multisite() ? get_current_blog_id() . '/' . $post_id : (string) $post_id;
	}

	/**
	 * Tells one text from another.
	 *
	 * @param WP_Post $post A post.
	 * @return string
	 */
	public static function hash( $post ) {
		return hash( 'sha256', $post->post_title . "\n" . $post->post_content );
	}

	/**
	 * The hash of a post as the database has it now, past every cache; '' when the post is gone.
	 *
	 * @param int $post_id The post.
	 * @return string
	 */
	public static function hash_now( $post_id ) {
		global $wpdb;
		$row = $wpdb->get_row( $wpdb->prepare( "SELECT post_title, post_content FROM {$wpdb->posts} WHERE ID = %d", $post_id ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		return $row ? self::hash( $row ) : '';
	}

	/**
	 * Tells whether a post has anything to read.
	 *
	 * @param WP_Post $post A post.
	 * @return bool
	 */
	public static function has_text( $post ) {
		return '' !== trim( self::plain( $post->post_title ) . self::plain( $post->post_content ) );
	}

	/**
	 * Text without markup.
	 *
	 * @param string $html Text with markup and entities.
	 * @return string
	 */
	private static function plain( $html ) {
		return html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	}

	/**
	 * The article of a post, in newstagger's own JSON, with the word of one save.
	 *
	 * @param WP_Post $post  The post.
	 * @param array   $entry The save (`Newstagger_Queue`): revision, event, by, form, tags.
	 * @return array
	 */
	public static function of( $post, array $entry ) {
		$article = array(
			'id'            => self::id( $post->ID ),
			'revision'      => (int) $entry['revision'],
			'event'         => $entry['event'],
			'headline'      => self::plain( $post->post_title ),
			'html'          => self::html( $post->post_content ),
			'byline'        => (string) get_the_author_meta( 'display_name', (int) $post->post_author ),
			'credit'        => self::meta( $post->ID, Newstagger_Settings::get( 'credit_meta' ) ),
			'source'        => self::meta( $post->ID, Newstagger_Settings::get( 'source_meta' ) ),
			'existing_tags' => $entry['tags'],
			'saved_by'      => (string) $entry['by'],
			'content_hash'  => self::hash( $post ),
		);
		$more    = array(
			'language'        => self::language( $post ),
			'version_created' => '0000-00-00 00:00:00' === $post->post_date_gmt ? '' : str_replace( ' ', 'T', $post->post_date_gmt ) . 'Z',
			'site'            => (string) Newstagger_Settings::get( 'site' ),
		);
		$article = array_merge( $article, array_filter( $more, 'strlen' ) );
		if ( ! empty( $entry['form'] ) ) {
			$article['form'] = $entry['form'];
		}
		$source = Newstagger_Store::source( $post->ID );
		if ( $source ) {
			$article['copied_from'] = array( 'id' => self::id( $source ) );
		}
		/**
		 * Filters what the service is told of a post: byline, credit, source, language, headline, html ...
		 *
		 * @param array   $article The article, as newstagger's own JSON.
		 * @param WP_Post $post    The post.
		 */
		return (array) apply_filters( 'newstagger_article', $article, $post );
	}

	/**
	 * The body: blocks as they are stored; text of the classic editor with its paragraphs.
	 *
	 * @param string $content The post's content.
	 * @return string
	 */
	private static function html( $content ) {
		return has_blocks( $content ) ? $content : wpautop( strip_shortcodes( $content ) );
	}

	/**
	 * A post meta field as text.
	 *
	 * @param int    $post_id The post.
	 * @param string $key     The field's key; '' for none.
	 * @return string
	 */
	private static function meta( $post_id, $key ) {
		$value = $key ? get_post_meta( $post_id, $key, true ) : '';
		return is_scalar( $value ) ? (string) $value : '';
	}

	/**
	 * The language of a post: what a translation plugin says, then what the settings say.
	 *
	 * @param WP_Post $post The post.
	 * @return string '' lets the service find out.
	 */
	private static function language( $post ) {
		$told = function_exists( 'pll_get_post_language' ) ? (string) pll_get_post_language( $post->ID ) : '';
		if ( '' === $told && defined( 'ICL_SITEPRESS_VERSION' ) ) {
			$details = apply_filters( 'wpml_post_language_details', null, $post->ID ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- WPML's.
			$told    = is_array( $details ) && ! empty( $details['language_code'] ) ? (string) $details['language_code'] : '';
		}
		$set = (string) Newstagger_Settings::get( 'language' );
		if ( '' === $told && 'detect' !== $set ) {
			$told = 'site' === $set ? get_bloginfo( 'language' ) : $set;
		}
		return strtolower( substr( $told, 0, (int) strcspn( $told, '-_' ) ) );
	}
}
