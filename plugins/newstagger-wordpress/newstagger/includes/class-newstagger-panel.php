<?php
/**
 * What an editor sees of a post's tags, as data.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * The same for the block editor, the classic editor and REST. Everything in it is text and escaped where it is shown.
 */
class Newstagger_Panel {

	/**
	 * What stands on a post, what is offered beside it, and what is to be told.
	 *
	 * @param int $post_id The post.
	 * @return array
	 */
	public static function of( $post_id ) {
		$state = Newstagger_Store::state( $post_id );
		$held  = Newstagger_Store::held( $post_id );
		return array(
			'status'      => $state['status'],
			'notice'      => $state['notice'],
			'revision'    => $state['revision'],
			'tags'        => self::tags( $held, array_column( $state['tags'], null, 'concept' ) ),
			'suggestions' => self::suggestions( $state, $held ),
			'rejected'    => $state['rejected'],
			'reuse'       => $state['reuse'],
		);
	}

	/**
	 * The tags on a post, with what the machine thinks of them.
	 *
	 * @param array[]             $held  What is on the post.
	 * @param array<string,array> $known The last answer's tags by concept.
	 * @return array[]
	 */
	private static function tags( array $held, array $known ) {
		$facets = array_flip( Newstagger_Settings::taxonomies() );
		return array_map(
			static function ( $tag ) use ( $known, $facets ) {
				$said         = isset( $known[ $tag['concept'] ] ) && 'editor' !== $known[ $tag['concept'] ]['tagger'] ? $known[ $tag['concept'] ] : null;
				$tag['facet'] = $said ? $said['facet'] : ( isset( $facets[ $tag['taxonomy'] ] ) ? $facets[ $tag['taxonomy'] ] : 'topic' );
				$tag['score'] = $said ? $said['score'] : null;
				$tag['role']  = $said ? $said['role'] : '';
				return $tag;
			},
			$held
		);
	}

	/**
	 * The tags on offer: those of the last answer that are not on the post and that nobody rejected.
	 *
	 * @param array   $state What stands on the post.
	 * @param array[] $held  What is on the post.
	 * @return array[]
	 */
	private static function suggestions( array $state, array $held ) {
		$gone   = array_flip( array_merge( array_column( $held, 'concept' ), $state['rejected'] ) );
		$offers = array();
		foreach ( $state['tags'] as $tag ) {
			if ( ! isset( $gone[ $tag['concept'] ] ) && 'editor' !== $tag['tagger'] ) {
				$offers[] = array_intersect_key( $tag, array_flip( array( 'concept', 'label', 'facet', 'score', 'role' ) ) );
			}
		}
		return $offers;
	}

	/**
	 * A tag of the last answer, or null.
	 *
	 * @param int    $post_id The post.
	 * @param string $concept The concept's id.
	 * @return array|null
	 */
	public static function known( $post_id, $concept ) {
		$known = array_column( Newstagger_Store::state( $post_id )['tags'], null, 'concept' );
		return isset( $known[ $concept ] ) ? $known[ $concept ] : null;
	}

	/**
	 * Why the tags are there: the service's evidence, its words only.
	 *
	 * @param int $post_id The post.
	 * @return array|WP_Error
	 */
	public static function why( $post_id ) {
		$query = array_filter(
			array(
				'id'   => rawurlencode( Newstagger_Article::id( $post_id ) ),
				'site' => rawurlencode( (string) Newstagger_Settings::get( 'site' ) ),
			),
			'strlen'
		);
		$said  = Newstagger_Client::call( 'GET', add_query_arg( $query, '/v1/why' ), null, 3000 );
		if ( 200 !== $said['code'] || ! isset( $said['data']['tagging']['tags'] ) ) {
			$error = '' === $said['error'] ? __( 'the tagging service gave no reasons', 'newstagger' ) : $said['error'];
			return new WP_Error( 'newstagger_no_reasons', $error, array( 'status' => 404 === $said['code'] ? 404 : 503 ) );
		}
		return array(
			'tags'      => array_map( array( __CLASS__, 'reasons' ), array_values( array_filter( (array) $said['data']['tagging']['tags'], 'is_array' ) ) ),
			'decisions' => isset( $said['data']['decisions'] ) ? (array) $said['data']['decisions'] : array(),
		);
	}

	/**
	 * The reasons for one tag, the weightiest first.
	 *
	 * @param array $tag A tag with its evidence.
	 * @return array
	 */
	private static function reasons( array $tag ) {
		$evidence = array();
		foreach ( isset( $tag['evidence'] ) ? array_filter( (array) $tag['evidence'], 'is_array' ) : array() as $reason ) {
			$evidence[] = array(
				'term'         => isset( $reason['term'] ) ? (string) $reason['term'] : '',
				'quote'        => isset( $reason['quote'] ) ? mb_substr( (string) $reason['quote'], 0, 300 ) : '',
				'contribution' => isset( $reason['contribution'] ) ? round( (float) $reason['contribution'], 3 ) : 0.0,
			);
		}
		usort(
			$evidence,
			static function ( $one, $other ) {
				return $other['contribution'] <=> $one['contribution'];
			}
		);
		return array(
			'concept'  => isset( $tag['concept'] ) ? (string) $tag['concept'] : '',
			'label'    => isset( $tag['label'] ) ? (string) $tag['label'] : '',
			'evidence' => array_slice( $evidence, 0, 12 ),
		);
	}
}
