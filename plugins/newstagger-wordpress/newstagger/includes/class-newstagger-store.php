<?php
/**
 * What is kept on a post: the last answer, which tags are the machine's, what waits.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Post meta, and nothing else.
 */
class Newstagger_Store {

	const STATE    = '_newstagger';
	const MACHINE  = '_newstagger_machine';
	const REVISION = '_newstagger_revision';
	const PENDING  = '_newstagger_pending';
	const QUEUE    = '_newstagger_queue';
	const LOCK     = '_newstagger_lock';
	const SOURCE   = '_newstagger_copied_from';
	const ALL      = array( self::STATE, self::MACHINE, self::REVISION, self::PENDING, self::QUEUE, self::LOCK, self::SOURCE );

	/**
	 * What holds on a post that nobody told of yet.
	 *
	 * @return array
	 */
	private static function blank() {
		return array(
			'post'     => 0,
			'status'   => 'none',
			'notice'   => '',
			'revision' => 0,
			'hash'     => '',
			'mark'     => '',
			'bundle'   => '',
			'tags'     => array(),
			'rejected' => array(),
			'reuse'    => null,
			'human'    => array(),
			'seen'     => array(),
			'tries'    => 0,
		);
	}

	/**
	 * What stands on a post. A copy has nothing of its own yet.
	 *
	 * @param int $post_id The post.
	 * @return array
	 */
	public static function state( $post_id ) {
		$stored = get_post_meta( $post_id, self::STATE, true );
		$own    = is_array( $stored ) && isset( $stored['post'] ) && (int) $stored['post'] === (int) $post_id;
		return array_merge( self::blank(), $own ? $stored : array() );
	}

	/**
	 * Changes what stands on a post.
	 *
	 * @param int   $post_id The post.
	 * @param array $changes What is different.
	 */
	public static function change( $post_id, array $changes ) {
		$state         = array_merge( self::state( $post_id ), $changes );
		$state['post'] = (int) $post_id;
		update_post_meta( $post_id, self::STATE, wp_slash( $state ) );
	}

	/**
	 * The concepts that the machine put on and no person since.
	 *
	 * @param int $post_id The post.
	 * @return string[]
	 */
	public static function machine( $post_id ) {
		$stored = get_post_meta( $post_id, self::MACHINE, true );
		return is_array( $stored ) ? array_values( array_filter( $stored, 'is_string' ) ) : array();
	}

	/**
	 * Reads notes and terms of a post anew from here on: another process may have written them since this one read them.
	 *
	 * @param int $post_id The post.
	 */
	public static function refresh( $post_id ) {
		wp_cache_delete( $post_id, 'post_meta' );
		wp_cache_set_terms_last_changed();
	}

	/**
	 * Takes concepts off the machine's list that are on the post no more.
	 *
	 * @param int $post_id The post.
	 */
	public static function tidy_machine( $post_id ) {
		if ( ! array_diff( self::machine( $post_id ), array_column( self::held( $post_id ), 'concept' ) ) ) {
			return;
		}
		$lock = self::lock( $post_id );
		$held = array_column( self::held( $post_id ), 'concept' );
		self::set_machine( $post_id, array_intersect( self::machine( $post_id ), $held ) );
		self::unlock( $post_id, $lock );
	}

	/**
	 * Lets no other process write tags of a post, for a moment, and reads anew what it wrote.
	 *
	 * @param int $post_id The post.
	 * @return string What `unlock` wants.
	 */
	public static function lock( $post_id ) {
		$lock = Newstagger_Counter::lock_soon( 'post_' . $post_id, 10 );
		self::refresh( $post_id );
		return $lock;
	}

	/**
	 * Lets others write again.
	 *
	 * @param int    $post_id The post.
	 * @param string $lock    What `lock` returned.
	 */
	public static function unlock( $post_id, $lock ) {
		Newstagger_Counter::release( 'post_' . $post_id, $lock );
	}

	/**
	 * Remembers which tags are the machine's.
	 *
	 * @param int      $post_id  The post.
	 * @param string[] $concepts Their ids.
	 */
	public static function set_machine( $post_id, array $concepts ) {
		sort( $concepts );
		$concepts = array_values( array_unique( $concepts ) );
		if ( self::machine( $post_id ) !== $concepts ) {
			update_post_meta( $post_id, self::MACHINE, wp_slash( $concepts ) );
		}
	}

	/**
	 * Tells whether a person wants nothing changed on a post.
	 *
	 * @param int $post_id The post.
	 * @return bool
	 */
	public static function is_locked( $post_id ) {
		return '1' === get_post_meta( $post_id, self::LOCK, true );
	}

	/**
	 * The post that a post was copied from; 0 for none.
	 *
	 * @param int $post_id The post.
	 * @return int
	 */
	public static function source( $post_id ) {
		foreach ( Newstagger_Copies::keys() as $key ) {
			$source = (int) get_post_meta( $post_id, $key, true );
			if ( $source && $source !== (int) $post_id ) {
				return $source;
			}
		}
		return 0;
	}

	/**
	 * The tags on a post: what each means, where it stands, who put it on.
	 *
	 * @param int $post_id The post.
	 * @return array[] Each with concept, label, origin, term, taxonomy.
	 */
	public static function held( $post_id ) {
		$terms   = Newstagger_Vocabulary::on( $post_id ); // Before the machine's list, which is written before the terms are.
		$machine = array_flip( self::machine( $post_id ) );
		$held    = array();
		foreach ( $terms as $term ) {
			$concept          = Newstagger_Vocabulary::concept_of( $term );
			$held[ $concept ] = array(
				'concept'  => $concept,
				'label'    => Newstagger_Vocabulary::label_of( $term ),
				'origin'   => isset( $machine[ $concept ] ) ? 'machine' : 'human',
				'term'     => (int) $term->term_id,
				'taxonomy' => $term->taxonomy,
			);
		}
		ksort( $held );
		return array_values( $held );
	}

	/**
	 * Tags as the service is told of them.
	 *
	 * @param array[] $held What `held` returned.
	 * @return array[]
	 */
	public static function told( array $held ) {
		return array_map(
			static function ( $tag ) {
				return array(
					'concept' => $tag['concept'],
					'origin'  => $tag['origin'],
				);
			},
			$held
		);
	}
}
