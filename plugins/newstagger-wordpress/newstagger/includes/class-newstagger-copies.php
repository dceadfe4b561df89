<?php
/**
 * Copies of posts: whichever plugin makes them, the copy says what it is a copy of.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * A copy shows when a plugin notes its source, or when our own notes arrive on another post.
 */
class Newstagger_Copies {

	/**
	 * Copies of this request and what they are copies of.
	 *
	 * @var array<int,int>
	 */
	private static $copies = array();

	/**
	 * The meta keys that hold the post that a post was copied from.
	 *
	 * @return string[]
	 */
	public static function keys() {
		/**
		 * Filters the meta keys under which plugins note what a post is a copy of.
		 *
		 * @param string[] $keys Meta keys; their values are post ids.
		 */
		return (array) apply_filters( 'newstagger_copy_keys', array( Newstagger_Store::SOURCE, '_dp_original' ) );
	}

	/**
	 * Looks at meta that is written, for the signs of a copy.
	 *
	 * @param int    $meta_id The row.
	 * @param int    $post_id The post.
	 * @param string $key     The key.
	 * @param mixed  $value   The value.
	 */
	public static function on_meta( $meta_id, $post_id, $key, $value ) {
		$source = 0;
		if ( Newstagger_Store::STATE === $key ) {
			$source = is_array( $value ) && isset( $value['post'] ) ? (int) $value['post'] : 0;
		} elseif ( Newstagger_Store::SOURCE !== $key && in_array( $key, self::keys(), true ) ) {
			$source = is_scalar( $value ) ? (int) $value : 0;
		}
		if ( ! $source || $source === (int) $post_id || ! Newstagger_Saver::counts( get_post( $post_id ) ) ) {
			return;
		}
		if ( ! self::$copies ) {
			add_action( 'shutdown', array( __CLASS__, 'tell' ), 5 );
		}
		self::$copies[ (int) $post_id ] = $source;
	}

	/**
	 * Tells of the copies once they are complete.
	 */
	public static function tell() {
		$copies       = self::$copies;
		self::$copies = array();
		foreach ( $copies as $post_id => $source ) {
			self::take_over( $post_id, $source );
			Newstagger_Saver::guarded( $post_id, 'import' );
		}
	}

	/**
	 * Gives a copy notes of its own: the machine's tags on the source are the machine's on its copy, what waits there waits there.
	 *
	 * @param int $post_id The copy.
	 * @param int $source  What it is a copy of.
	 */
	private static function take_over( $post_id, $source ) {
		update_post_meta( $post_id, Newstagger_Store::SOURCE, $source );
		$own   = Newstagger_Store::machine( $post_id );
		$state = get_post_meta( $post_id, Newstagger_Store::STATE, true );
		if ( is_array( $state ) && isset( $state['post'] ) && (int) $state['post'] !== $post_id ) {
			delete_post_meta( $post_id, Newstagger_Store::STATE );
			delete_post_meta( $post_id, Newstagger_Store::QUEUE );
			delete_post_meta( $post_id, Newstagger_Store::PENDING );
		}
		Newstagger_Store::set_machine( $post_id, array_merge( $own, Newstagger_Store::machine( $source ) ) );
	}

	/**
	 * Leaves our notes out of an import: they speak of the posts of another site.
	 *
	 * @param string $key A meta key.
	 * @return string|false
	 */
	public static function skip_imported( $key ) {
		return in_array( $key, Newstagger_Store::ALL, true ) ? false : $key;
	}
}
