<?php
/**
 * Writes an answer into a post's terms: only what is ours to write.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Puts terms on and takes terms off in this process: no loop, no revision, the date of the last change stays.
 */
class Newstagger_Writer {

	/**
	 * Makes a post's tags what an answer says.
	 *
	 * @param int   $post_id The post.
	 * @param array $data    The answer.
	 * @return string[] A line for each tag that could not be put on.
	 */
	public static function write( $post_id, array $data ) {
		if ( Newstagger_Store::is_locked( $post_id ) ) {
			return array();
		}
		$answer  = new Newstagger_Answer( $data );
		$held    = Newstagger_Store::held( $post_id );
		$people  = Newstagger_Store::state( $post_id )['human'];
		$add     = self::to_add( $answer, $held, $people );
		$remove  = self::to_remove( $answer, $held );
		$refused = array();
		$machine = array_diff( Newstagger_Store::machine( $post_id ), array_column( $remove, 'concept' ) );
		$machine = array_intersect( $machine, array_column( $held, 'concept' ) );
		foreach ( $remove as $tag ) {
			wp_remove_object_terms( $post_id, $tag['term'], $tag['taxonomy'] );
		}
		$here  = array_flip( array_column( $held, 'term' ) ); // A person's term of that name may be there: it stays a person's.
		$terms = array();
		foreach ( self::terms( $post_id, $add, $refused ) as $taxonomy => $concepts ) {
			$terms[ $taxonomy ] = array_diff_key( $concepts, $here );
		}
		foreach ( $terms as $concepts ) {
			$machine = array_merge( $machine, array_diff( $concepts, self::wished( $add, $people ) ) );
		}
		Newstagger_Store::set_machine( $post_id, $machine ); // Before the terms: nobody takes them for a person's meanwhile.
		foreach ( array_filter( $terms ) as $taxonomy => $concepts ) {
			wp_set_object_terms( $post_id, array_keys( $concepts ), $taxonomy, true );
		}
		return $refused;
	}

	/**
	 * The tags to put on: what people want in every mode, what the machine is sure of where it may write.
	 *
	 * @param Newstagger_Answer $answer The answer.
	 * @param array[]           $held   What is on the post.
	 * @param string[]          $people The concepts that people had on it.
	 * @return array<string,array> By concept.
	 */
	private static function to_add( $answer, array $held, array $people ) {
		$add = array_diff_key( $answer->auto(), array_flip( array_column( $held, 'concept' ) ) );
		return Newstagger_Settings::applies() ? $add : array_intersect_key( $add, array_flip( self::wished( $add, $people ) ) );
	}

	/**
	 * The concepts among some tags that a person wants on the post.
	 *
	 * @param array<string,array> $tags   Tags by concept.
	 * @param string[]            $people The concepts that people had on it.
	 * @return string[]
	 */
	private static function wished( array $tags, array $people ) {
		$wished = array();
		foreach ( $tags as $concept => $tag ) {
			if ( 'editor' === $tag['tagger'] || in_array( (string) $concept, $people, true ) ) {
				$wished[] = (string) $concept;
			}
		}
		return $wished;
	}

	/**
	 * The tags to take off: what editors rejected, and the machine's own that a complete answer no longer gives.
	 *
	 * @param Newstagger_Answer $answer The answer.
	 * @param array[]           $held   What is on the post.
	 * @return array[]
	 */
	private static function to_remove( $answer, array $held ) {
		$auto     = $answer->auto();
		$rejected = array_flip( $answer->rejected() );
		$tidy     = Newstagger_Settings::applies() && $answer->is_complete();
		return array_filter(
			$held,
			static function ( $tag ) use ( $auto, $rejected, $tidy ) {
				return isset( $rejected[ $tag['concept'] ] ) || ( $tidy && 'machine' === $tag['origin'] && ! isset( $auto[ $tag['concept'] ] ) );
			}
		);
	}

	/**
	 * The terms of tags, made where there are none.
	 *
	 * @param int                 $post_id The post.
	 * @param array<string,array> $tags    Tags by concept.
	 * @param string[]            $refused Gets a line for each tag that has no term.
	 * @return array<string,array<int,string>> Taxonomy to term id to concept.
	 */
	private static function terms( $post_id, array $tags, array &$refused ) {
		$terms = array();
		foreach ( $tags as $tag ) {
			$taxonomy = Newstagger_Vocabulary::taxonomy_for( $tag['facet'], $post_id );
			$term     = $taxonomy ? Newstagger_Vocabulary::term_for( $tag['concept'], $tag['label'], $tag['facet'], $taxonomy ) : null;
			if ( $term ) {
				$terms[ $term->taxonomy ][ $term->term_id ] = $tag['concept'];
			} elseif ( $taxonomy && 0 !== strpos( $tag['concept'], Newstagger_Vocabulary::OWN ) ) {
				/* translators: %s: the name of a tag. */
				$refused[] = sprintf( __( 'newstagger: the tag "%s" could not be put on', 'newstagger' ), Newstagger_Client::line( mb_substr( $tag['label'], 0, 80 ) ) );
			}
		}
		return $terms;
	}
}
