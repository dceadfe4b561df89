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
	const TRIES    = 3;

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
			'tries'   => 0,
			'run'     => '',
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
			'run'     => wp_generate_uuid4(),
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
	 * @return array The progress; with `busy` where another process does one.
	 */
	public static function step( $seconds = 20 ) {
		$progress = self::progress_now();
		$lock     = $progress['running'] ? Newstagger_Counter::lock( 'backfill', $seconds + 60 ) : '';
		if ( '' === $lock ) {
			return $progress['running'] ? $progress + array( 'busy' => true ) : $progress;
		}
		try {
			$progress = self::keep( self::work( self::progress_now(), microtime( true ) + $seconds ) );
		} finally {
			Newstagger_Counter::release( 'backfill', $lock );
		}
		if ( $progress['running'] ) {
			self::schedule( '' === $progress['error'] ? 0 : self::PAUSE );
		}
		return $progress;
	}

	/**
	 * How far it is, past the cache: another process may have moved, stopped or started it.
	 *
	 * @return array
	 */
	private static function progress_now() {
		wp_cache_delete( self::PROGRESS, 'options' );
		return self::progress();
	}

	/**
	 * Stores where it stands. Who has stopped it meanwhile, or started it anew, has the last word.
	 *
	 * @param array $progress Where this process stands.
	 * @return array What holds.
	 */
	private static function keep( array $progress ) {
		$stored = self::progress_now();
		if ( $stored['run'] !== $progress['run'] ) {
			return $stored;
		}
		$progress['running'] = $progress['running'] && $stored['running'];
		update_option( self::PROGRESS, $progress, false );
		return $progress;
	}

	/**
	 * Does all of it. A post at which the service fails, while it is well otherwise, is tried again and then passed over.
	 *
	 * @param bool          $all  Posts that the current answer covers too.
	 * @param callable|null $tell Called with the progress after each batch.
	 * @return array The progress; `error` is not empty when the service failed.
	 */
	public static function run_all( $all = false, $tell = null ) {
		$progress = self::start( $all );
		while ( $progress['running'] && ( '' === $progress['error'] || Newstagger_Health::connection()['ok'] ) ) {
			$progress = self::step();
			if ( ! empty( $progress['busy'] ) ) {
				sleep( 1 );
			} elseif ( $tell ) {
				call_user_func( $tell, $progress );
			}
			self::forget_cached();
		}
		return $progress;
	}

	/**
	 * Lets go of what was read into this process's memory, which would grow with every post.
	 */
	public static function forget_cached() {
		if ( function_exists( 'wp_cache_supports' ) && wp_cache_supports( 'flush_runtime' ) ) {
			wp_cache_flush_runtime();
		}
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
				$progress['tries']  = 0;
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
		$said    = self::attempt( $post_id, $entries );
		if ( in_array( $said['kind'], array( 'late', 'closed' ), true ) && ! self::is_given_up( ++$progress['tries'] ) ) {
			$progress['error'] = '' === $said['error'] ? __( 'the tagging service does not answer in time', 'newstagger' ) : $said['error'];
			return $progress;
		}
		++$progress[ 'answer' === $said['kind'] ? 'asked' : 'failed' ];
		$bundle             = Newstagger_Store::state( $post_id )['bundle'];
		$progress['bundle'] = 'answer' === $said['kind'] && '' !== $bundle ? $bundle : $progress['bundle'];
		return $progress;
	}

	/**
	 * Asks for one post, whatever breaks in somebody's hook meanwhile.
	 *
	 * @param int     $post_id The post.
	 * @param array[] $entries Its saves.
	 * @return array{kind:string,error:string}
	 */
	private static function attempt( $post_id, array $entries ) {
		try {
			return Newstagger_Saver::hear( $post_id, $entries, Newstagger_Queue::PATIENCE_MS );
		} catch ( Throwable $error ) {
			return array(
				'kind'  => 'moved',
				'error' => Newstagger_Saver::log_failure( $post_id, $error ),
			);
		}
	}

	/**
	 * Tells whether a post is passed over: it failed again and again, and the service is well.
	 *
	 * @param int $tries How often it failed in a row.
	 * @return bool
	 */
	private static function is_given_up( $tries ) {
		return $tries >= self::TRIES && Newstagger_Health::connection()['ok'];
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
