<?php
/**
 * Saves that the service has not heard yet, and the clock that tells them again.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.DB.DirectDatabaseQuery -- Rows are added and taken away one by one, so that no process loses another's.

/**
 * Each save is a row of its own in the post's meta; one cron event works off all posts.
 */
class Newstagger_Queue {

	const HOOK        = 'newstagger_retry';
	const SWEEP       = 'newstagger_sweep';
	const STATUS      = 'newstagger_retry';
	const GONE        = 'newstagger_gone_';
	const PATIENCE_MS = 4000;
	const MOST_TRIES  = 5;
	const BATCH       = 500;
	const SOONEST     = 30;
	const LATEST      = 3600;

	/**
	 * Most seconds that one request spends on telling of posts that are gone; the rest is told later.
	 */
	const MOST_BURYING = 2;

	/**
	 * The seconds that this request has spent on it.
	 *
	 * @var float
	 */
	private static $burying = 0.0;

	/**
	 * The saves of a post that were not heard, oldest first.
	 *
	 * @param int $post_id The post.
	 * @return array[] Each with `row` beside what it says.
	 */
	public static function entries( $post_id ) {
		global $wpdb;
		$rows    = $wpdb->get_results( $wpdb->prepare( "SELECT meta_id, meta_value FROM {$wpdb->postmeta} WHERE post_id = %d AND meta_key = %s ORDER BY meta_id", $post_id, Newstagger_Store::QUEUE ) );
		$entries = array();
		foreach ( (array) $rows as $row ) {
			$entry = maybe_unserialize( $row->meta_value );
			if ( is_array( $entry ) && isset( $entry['revision'], $entry['event'], $entry['tags'], $entry['by'] ) ) {
				$entry['row'] = (int) $row->meta_id;
				$entries[]    = $entry;
			}
		}
		return $entries;
	}

	/**
	 * Lets saves of a post wait. Of those that say nothing about tags only the last has to be told.
	 *
	 * @param int    $post_id The post.
	 * @param array  $entries The saves; none: the post alone is to be looked at again.
	 * @param int    $later   Not before that many seconds; 0: when the service is asked again.
	 * @param string $error   What went wrong, in one line.
	 * @param string $notice  What the editor is told; '' for the usual line.
	 */
	public static function keep( $post_id, array $entries, $later, $error, $notice = '' ) {
		$seen   = Newstagger_Store::state( $post_id )['seen'];
		$unsaid = array();
		foreach ( $entries as $place => $entry ) {
			$is_last = count( $entries ) - 1 === $place;
			if ( $is_last || self::has_word( $entry, $seen ) ) {
				if ( empty( $entry['row'] ) ) {
					add_post_meta( $post_id, Newstagger_Store::QUEUE, wp_slash( $entry ) );
				}
				$unsaid = array_merge( $unsaid, self::taken_off( $entry, $seen ) );
			} elseif ( ! empty( $entry['row'] ) ) {
				delete_metadata_by_mid( 'post', $entry['row'] );
			}
		}
		if ( ! $entries || 'kill' !== end( $entries )['event'] ) {
			self::mark( $post_id, $unsaid, $notice );
		}
		$due = get_post_meta( $post_id, Newstagger_Store::PENDING, true );
		if ( $later || '' === $due || (int) $due > time() ) {
			update_post_meta( $post_id, Newstagger_Store::PENDING, time() + $later );
		}
		self::note_error( $error );
		self::schedule( time() + ( $later ? $later : self::delay() ) );
	}

	/**
	 * Shows an editor that the post waits; what they took off is not offered meanwhile.
	 *
	 * @param int      $post_id The post.
	 * @param string[] $unsaid  Concepts that were taken off.
	 * @param string   $notice  What the editor is told.
	 */
	private static function mark( $post_id, array $unsaid, $notice ) {
		$state   = Newstagger_Store::state( $post_id );
		$changes = array(
			'status'   => 'pending',
			'notice'   => '' === $notice ? __( 'newstagger: tags may be missing: the tagging service has not answered yet; it is asked again', 'newstagger' ) : $notice,
			'rejected' => array_values( array_unique( array_merge( $state['rejected'], $unsaid ) ) ),
		);
		if ( array_intersect_key( $state, $changes ) !== $changes ) {
			Newstagger_Store::change( $post_id, $changes );
		}
	}

	/**
	 * Tells whether a save says anything about tags.
	 *
	 * @param array    $entry The save.
	 * @param string[] $seen  The concepts on the post at the last answer.
	 * @return bool
	 */
	private static function has_word( array $entry, array $seen ) {
		$before = empty( $entry['form'] ) ? $seen : $entry['form']['held'];
		$now    = array_column( $entry['tags'], 'concept' );
		return array_diff( $before, $now ) || array_diff( $now, $before );
	}

	/**
	 * The concepts that a save took off.
	 *
	 * @param array    $entry The save.
	 * @param string[] $seen  The concepts on the post at the last answer.
	 * @return string[]
	 */
	private static function taken_off( array $entry, array $seen ) {
		$before = empty( $entry['form'] ) ? $seen : $entry['form']['held'];
		return array_diff( $before, array_column( $entry['tags'], 'concept' ) );
	}

	/**
	 * Takes saves out that were heard; a post without any waits no more.
	 *
	 * @param int   $post_id The post.
	 * @param array $entries The saves.
	 */
	public static function heard( $post_id, array $entries ) {
		foreach ( $entries as $entry ) {
			if ( ! empty( $entry['row'] ) ) {
				delete_metadata_by_mid( 'post', $entry['row'] );
			}
		}
		if ( '' !== get_post_meta( $post_id, Newstagger_Store::PENDING, true ) && ! self::entries( $post_id ) ) {
			delete_post_meta( $post_id, Newstagger_Store::PENDING );
		}
	}

	/**
	 * Looks at a post again whose answer had problems; not for ever.
	 *
	 * @param int $post_id The post.
	 * @param int $tries   How often it was looked at.
	 */
	public static function once_more( $post_id, $tries ) {
		if ( $tries <= self::MOST_TRIES ) {
			$due = time() + 60 * ( 2 ** $tries );
			update_post_meta( $post_id, Newstagger_Store::PENDING, $due );
			self::schedule( $due );
		}
	}

	/**
	 * Tells the service that a post is gone, now or later.
	 *
	 * @param int $post_id  The post.
	 * @param int $revision The number of its last save.
	 */
	public static function bury( $post_id, $revision ) {
		$may_ask = self::$burying < self::MOST_BURYING && Newstagger_Breaker::allows();
		$began   = microtime( true );
		if ( ! $may_ask || ! self::tell_burial( $post_id, $revision, Newstagger_Settings::wait_ms() ) ) {
			add_option( self::GONE . $post_id, $revision, '', false );
			self::schedule( time() + self::delay() );
		}
		self::$burying += microtime( true ) - $began;
	}

	/**
	 * Tells the service that a post is gone; the breaker learns how that went.
	 *
	 * @param int $post_id  The post.
	 * @param int $revision The number of its last save.
	 * @param int $wait_ms  Most that it may take.
	 * @return bool
	 */
	private static function tell_burial( $post_id, $revision, $wait_ms ) {
		$article = array(
			'id'       => Newstagger_Article::id( $post_id ),
			'revision' => (int) $revision,
			'event'    => 'kill',
			'headline' => '(deleted)',
		);
		$site    = (string) Newstagger_Settings::get( 'site' );
		$answer  = Newstagger_Client::tag( '' === $site ? $article : $article + array( 'site' => $site ), $wait_ms );
		if ( in_array( $answer['kind'], array( 'answer', 'refused' ), true ) ) {
			Newstagger_Breaker::answered();
		} elseif ( 'late' === $answer['kind'] ) {
			Newstagger_Breaker::failed();
		}
		return in_array( $answer['kind'], array( 'answer', 'accepted', 'refused' ), true );
	}

	/**
	 * Sees to it that the queue is looked at, at the latest then.
	 *
	 * @param int $when Unix time.
	 */
	public static function schedule( $when ) {
		$next = wp_next_scheduled( self::HOOK );
		if ( $next && $next <= $when ) {
			return;
		}
		if ( $next ) {
			wp_unschedule_event( $next, self::HOOK );
		}
		wp_schedule_single_event( $when, self::HOOK );
	}

	/**
	 * Schedules the queue where its event got lost.
	 */
	public static function sweep() {
		if ( ! wp_next_scheduled( self::HOOK ) && ( self::waiting() || self::has_gone() ) ) {
			self::schedule( time() );
		}
	}

	/**
	 * How long until the service is asked again, in seconds: longer each time in vain.
	 *
	 * @return int
	 */
	private static function delay() {
		$base = min( self::LATEST, self::SOONEST * ( 2 ** min( 10, self::status()['attempts'] ) ) );
		return $base + wp_rand( 0, (int) ( $base / 5 ) );
	}

	/**
	 * How the queue fares.
	 *
	 * @return array{attempts:int,error:string,at:int}
	 */
	public static function status() {
		$blank  = array(
			'attempts' => 0,
			'error'    => '',
			'at'       => 0,
		);
		$stored = get_option( self::STATUS, array() );
		return array_merge( $blank, is_array( $stored ) ? $stored : array() );
	}

	/**
	 * Remembers what went wrong last.
	 *
	 * @param string $error One line; '' changes nothing.
	 */
	private static function note_error( $error ) {
		$status = self::status();
		if ( '' !== $error && ( $status['error'] !== $error || $status['at'] < time() - 60 ) ) {
			$status['error'] = $error;
			$status['at']    = time();
			update_option( self::STATUS, $status, false );
		}
	}

	/**
	 * How many posts wait.
	 *
	 * @return int
	 */
	public static function waiting() {
		global $wpdb;
		return (int) $wpdb->get_var(
			$wpdb->prepare(
				"SELECT COUNT( DISTINCT post_id ) FROM {$wpdb->postmeta} WHERE meta_key IN ( %s, %s )",
				Newstagger_Store::PENDING,
				Newstagger_Store::QUEUE
			)
		);
	}

	/**
	 * The posts that are due, the longest waiting first.
	 *
	 * @param bool $all Those that are not due too.
	 * @return int[]
	 */
	private static function due( $all ) {
		global $wpdb;
		$sql = "SELECT q.post_id, MIN( p.meta_value + 0 ) AS due FROM {$wpdb->postmeta} q
			LEFT JOIN {$wpdb->postmeta} p ON p.post_id = q.post_id AND p.meta_key = %s
			WHERE q.meta_key IN ( %s, %s ) GROUP BY q.post_id ORDER BY due, q.post_id LIMIT %d";
		$sql = $wpdb->prepare( $sql, Newstagger_Store::PENDING, Newstagger_Store::PENDING, Newstagger_Store::QUEUE, self::BATCH ); // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
		$due = array();
		foreach ( (array) $wpdb->get_results( $sql ) as $row ) { // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
			if ( $all || (int) $row->due <= time() ) {
				$due[] = (int) $row->post_id;
			}
		}
		return $due;
	}

	/**
	 * Works off what is due, as long as the service answers; the next event follows by itself.
	 *
	 * @param bool $all     What is not due too.
	 * @param int  $seconds Most that it may take.
	 * @return array{heard:int,later:int,waiting:int,error:string,busy:bool} busy: another process is at it, nothing was done.
	 */
	public static function run( $all = false, $seconds = 20 ) {
		$count = array(
			'heard'   => 0,
			'later'   => 0,
			'waiting' => 0,
			'error'   => '',
			'busy'    => false,
		);
		$lock  = '' === Newstagger_Settings::url() ? '' : Newstagger_Counter::lock( 'retry', $seconds + 60 );
		try {
			$count['busy'] = '' === $lock && '' !== Newstagger_Settings::url();
			$count         = '' === $lock ? $count : self::work( $all, microtime( true ) + $seconds, $count );
		} finally {
			Newstagger_Counter::release( 'retry', $lock );
		}
		$count['waiting'] = self::waiting();
		return $count;
	}

	/**
	 * Works off posts one by one, until the time is over or the service fails. The post that it failed at goes behind the others.
	 *
	 * @param bool  $all      What is not due too.
	 * @param float $deadline When to stop.
	 * @param array $count    What is counted.
	 * @return array
	 */
	private static function work( $all, $deadline, array $count ) {
		$down = ! self::work_burials( $deadline );
		foreach ( self::due( $all ) as $post_id ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			$said = self::attempt( $post_id );
			++$count[ 'answer' === $said['kind'] || 'refused' === $said['kind'] ? 'heard' : 'later' ];
			$count['error'] = in_array( $said['kind'], array( 'late', 'closed', 'moved' ), true ) && '' !== $said['error'] ? $said['error'] : $count['error'];
			if ( in_array( $said['kind'], array( 'late', 'closed' ), true ) ) {
				$down = true;
				self::put_off( $post_id, self::delay() );
				break;
			}
		}
		self::note_run( $down, $count['heard'] > 0 );
		self::schedule_rest( $down );
		return $count;
	}

	/**
	 * Remembers how a run went: the longer nothing is heard, the longer until the next.
	 *
	 * @param bool $down  Whether the service failed.
	 * @param bool $heard Whether it heard anything.
	 */
	private static function note_run( $down, $heard ) {
		$before = self::status();
		$after  = array_merge(
			$before,
			array(
				'attempts' => $down && ! $heard ? $before['attempts'] + 1 : 0,
				'error'    => $down ? $before['error'] : '',
			)
		);
		if ( $before !== $after ) {
			update_option( self::STATUS, $after, false );
		}
	}

	/**
	 * Lets a post wait until others had their turn.
	 *
	 * @param int $post_id The post.
	 * @param int $seconds How long.
	 */
	private static function put_off( $post_id, $seconds ) {
		update_post_meta( $post_id, Newstagger_Store::PENDING, time() + $seconds );
	}

	/**
	 * Asks for one post; what breaks in somebody's hook meanwhile keeps no other post from its turn.
	 *
	 * @param int $post_id The post.
	 * @return array{kind:string,error:string}
	 */
	private static function attempt( $post_id ) {
		try {
			return self::retry( $post_id );
		} catch ( Throwable $error ) {
			self::put_off( $post_id, self::LATEST );
			return array(
				'kind'  => 'moved',
				'error' => Newstagger_Saver::log_failure( $post_id, $error ),
			);
		}
	}

	/**
	 * Tells of posts that are gone, in any order, so that one that fails does not stand before the others for ever.
	 *
	 * @param float $deadline When to stop.
	 * @return bool False when the service did not answer.
	 */
	private static function work_burials( $deadline ) {
		$rows = self::gone( 200 );
		shuffle( $rows );
		foreach ( $rows as $row ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			if ( ! self::tell_burial( (int) substr( $row->option_name, strlen( self::GONE ) ), (int) $row->option_value, self::PATIENCE_MS ) ) {
				return false;
			}
			delete_option( $row->option_name );
		}
		return true;
	}

	/**
	 * The posts that are gone of which the service was not told.
	 *
	 * @param int $most How many at most.
	 * @return object[] With option_name and option_value.
	 */
	private static function gone( $most ) {
		global $wpdb;
		return (array) $wpdb->get_results( $wpdb->prepare( "SELECT option_name, option_value FROM {$wpdb->options} WHERE option_name LIKE %s LIMIT %d", $wpdb->esc_like( self::GONE ) . '%', $most ) );
	}

	/**
	 * Tells whether there are any.
	 *
	 * @return bool
	 */
	private static function has_gone() {
		return (bool) self::gone( 1 );
	}

	/**
	 * Schedules what is left.
	 *
	 * @param bool $down Whether the service failed.
	 */
	private static function schedule_rest( $down ) {
		global $wpdb;
		$gone = self::has_gone();
		if ( ! $gone && ! self::waiting() ) {
			return;
		}
		$next = $gone ? 0 : (int) $wpdb->get_var( $wpdb->prepare( "SELECT MIN( meta_value + 0 ) FROM {$wpdb->postmeta} WHERE meta_key = %s", Newstagger_Store::PENDING ) );
		self::schedule( max( $down ? time() + self::delay() : time() + 1, $next ) );
	}

	/**
	 * Asks for one post that waits, with patience.
	 *
	 * @param int $post_id The post.
	 * @return array{kind:string,error:string}
	 */
	public static function retry( $post_id ) {
		clean_post_cache( $post_id );
		$post = get_post( $post_id );
		if ( ! Newstagger_Saver::counts( $post ) || ! Newstagger_Article::has_text( $post ) ) {
			self::heard( $post_id, self::entries( $post_id ) );
			delete_post_meta( $post_id, Newstagger_Store::PENDING );
			return array(
				'kind'  => 'answer',
				'error' => '',
			);
		}
		$entries = self::entries( $post_id );
		return Newstagger_Saver::hear( $post_id, $entries ? $entries : array( Newstagger_Saver::plain_entry( $post ) ), self::PATIENCE_MS );
	}
}
