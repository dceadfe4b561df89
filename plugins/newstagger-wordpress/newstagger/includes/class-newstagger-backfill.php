<?php
/**
 * Tags what was there before the plugin, or before the model of today.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Walks through all posts by id, in batches; where it stands is stored. Posts that today's answer covers are left alone.
 */
class Newstagger_Backfill {

	const HOOK     = 'newstagger_backfill';
	const PROGRESS = 'newstagger_progress';
	const STATUSES = array( 'publish', 'future', 'draft', 'pending', 'private' );
	const CHUNK    = 50;
	const PAUSE    = 60;

	/**
	 * How far it is.
	 *
	 * @return array
	 */
	public static function progress() {
		$blank  = array(
			'running' => false,
			'all'     => false,
			'cursor'  => 0,
			'total'   => 0,
			'asked'   => 0,
			'skipped' => 0,
			'failed'  => 0,
			'bundle'  => '',
			'error'   => '',
		);
		$stored = get_option( self::PROGRESS, array() );
		return array_merge( $blank, is_array( $stored ) ? $stored : array() );
	}

	/**
	 * Starts from the beginning; the clock goes on with it.
	 *
	 * @param bool $all Posts that the current answer covers too.
	 * @return array The progress.
	 */
	public static function start( $all = false ) {
		$progress = array(
			'running' => true,
			'all'     => (bool) $all,
			'total'   => self::count_after( 0 ),
		);
		update_option( self::PROGRESS, $progress, false );
		self::schedule( 0 );
		return self::progress();
	}

	/**
	 * Stops it.
	 */
	public static function stop() {
		update_option( self::PROGRESS, array_merge( self::progress(), array( 'running' => false ) ), false );
		wp_clear_scheduled_hook( self::HOOK );
	}

	/**
	 * Does a batch, unless another process does one, and schedules the next.
	 *
	 * @param int $seconds Most that it may take.
	 * @return array The progress.
	 */
	public static function step( $seconds = 20 ) {
		$lock = self::progress()['running'] ? Newstagger_Counter::lock( 'backfill', $seconds + 60 ) : '';
		if ( '' === $lock ) {
			return self::progress();
		}
		wp_cache_delete( self::PROGRESS, 'options' ); // Another process may have moved it until now.
		$progress = self::work( self::progress(), microtime( true ) + $seconds );
		update_option( self::PROGRESS, $progress, false );
		Newstagger_Counter::release( 'backfill', $lock );
		if ( $progress['running'] ) {
			self::schedule( '' === $progress['error'] ? 0 : self::PAUSE );
		}
		return $progress;
	}

	/**
	 * Does all of it.
	 *
	 * @param bool          $all  Posts that the current answer covers too.
	 * @param callable|null $tell Called with the progress after each batch.
	 * @return array The progress; `error` is not empty when the service failed.
	 */
	public static function run_all( $all = false, $tell = null ) {
		$progress = self::start( $all );
		while ( $progress['running'] && '' === $progress['error'] ) {
			$progress = self::step();
			if ( $tell ) {
				call_user_func( $tell, $progress );
			}
		}
		return $progress;
	}

	/**
	 * Walks on from where it stands.
	 *
	 * @param array $progress Where it stands.
	 * @param float $deadline When to stop.
	 * @return array Where it stands then.
	 */
	private static function work( array $progress, $deadline ) {
		$progress['error'] = '';
		do {
			$ids = self::after( $progress['cursor'] );
			foreach ( $ids as $post_id ) {
				if ( microtime( true ) > $deadline ) {
					return $progress;
				}
				$progress = self::look( $post_id, $progress );
				if ( '' !== $progress['error'] ) {
					return $progress;
				}
				$progress['cursor'] = $post_id;
			}
		} while ( $ids );
		$progress['running'] = false;
		return $progress;
	}

	/**
	 * Looks at one post.
	 *
	 * @param int   $post_id  The post.
	 * @param array $progress Where it stands.
	 * @return array Where it stands then.
	 */
	private static function look( $post_id, array $progress ) {
		$post = get_post( $post_id );
		if ( ! $post || ! Newstagger_Article::has_text( $post ) || ( ! $progress['all'] && self::is_covered( $post, $progress['bundle'] ) ) ) {
			++$progress['skipped'];
			return $progress;
		}
		if ( ! Newstagger_Counter::of_post( $post_id, Newstagger_Store::REVISION ) ) {
			Newstagger_Counter::next_of_post( $post_id, Newstagger_Store::REVISION );
		}
		$entries = Newstagger_Queue::entries( $post_id );
		$entries = $entries ? $entries : array( Newstagger_Saver::plain_entry( $post, 'backfill' ) );
		$said    = Newstagger_Saver::hear( $post_id, $entries, Newstagger_Queue::PATIENCE_MS );
		if ( in_array( $said['kind'], array( 'late', 'closed' ), true ) ) {
			$progress['error'] = '' === $said['error'] ? __( 'the tagging service does not answer in time', 'newstagger' ) : $said['error'];
			return $progress;
		}
		++$progress[ 'answer' === $said['kind'] ? 'asked' : 'failed' ];
		$bundle             = Newstagger_Store::state( $post_id )['bundle'];
		$progress['bundle'] = 'answer' === $said['kind'] && '' !== $bundle ? $bundle : $progress['bundle'];
		return $progress;
	}

	/**
	 * Tells whether the last answer is about this text, by the model of today, written as the settings are today.
	 *
	 * @param WP_Post $post   The post.
	 * @param string  $bundle The model of today, as this run has learned it; '' while it has not.
	 * @return bool
	 */
	private static function is_covered( $post, $bundle ) {
		$state = Newstagger_Store::state( $post->ID );
		return '' !== $bundle && 'tagged' === $state['status'] && $state['bundle'] === $bundle
			&& Newstagger_Article::hash( $post ) === $state['hash'] && Newstagger_Settings::fingerprint() === $state['mark'];
	}

	/**
	 * The next posts.
	 *
	 * @param int $cursor The last that was looked at.
	 * @return int[]
	 */
	private static function after( $cursor ) {
		global $wpdb;
		$sql = 'SELECT ID' . self::condition() . ' ORDER BY ID LIMIT %d';
		return array_map( 'intval', $wpdb->get_col( $wpdb->prepare( $sql, array_merge( self::values( $cursor ), array( self::CHUNK ) ) ) ) ); // phpcs:ignore WordPress.DB
	}

	/**
	 * How many posts there are after one.
	 *
	 * @param int $cursor The post.
	 * @return int
	 */
	private static function count_after( $cursor ) {
		global $wpdb;
		return (int) $wpdb->get_var( $wpdb->prepare( 'SELECT COUNT( * )' . self::condition(), self::values( $cursor ) ) ); // phpcs:ignore WordPress.DB
	}

	/**
	 * The condition under which posts are looked at, with placeholders.
	 *
	 * @return string
	 */
	private static function condition() {
		global $wpdb;
		$types    = implode( ', ', array_fill( 0, max( 1, count( Newstagger_Settings::post_types() ) ), '%s' ) );
		$statuses = implode( ', ', array_fill( 0, count( self::STATUSES ), '%s' ) );
		return " FROM {$wpdb->posts} WHERE ID > %d AND post_type IN ( $types ) AND post_status IN ( $statuses )";
	}

	/**
	 * What stands for the placeholders.
	 *
	 * @param int $cursor The last post that was looked at.
	 * @return array
	 */
	private static function values( $cursor ) {
		$types = Newstagger_Settings::post_types();
		return array_merge( array( $cursor ), $types ? $types : array( '' ), self::STATUSES );
	}

	/**
	 * Schedules the next batch.
	 *
	 * @param int $seconds Not before that many.
	 */
	private static function schedule( $seconds ) {
		if ( ! wp_next_scheduled( self::HOOK ) ) {
			wp_schedule_single_event( time() + $seconds, self::HOOK );
		}
	}
}
