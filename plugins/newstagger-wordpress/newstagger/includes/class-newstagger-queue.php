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
		$told = Newstagger_Breaker::allows() && self::tell_burial( $post_id, $revision, Newstagger_Settings::wait_ms() );
		if ( ! $told ) {
			add_option( self::GONE . $post_id, $revision, '', false );
			self::schedule( time() + self::delay() );
		}
	}

	/**
	 * Tells the service that a post is gone.
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
		if ( self::waiting() && ! wp_next_scheduled( self::HOOK ) ) {
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
	 * @return array{heard:int,later:int,waiting:int,error:string}
	 */
	public static function run( $all = false, $seconds = 20 ) {
		$count = array(
			'heard'   => 0,
			'later'   => 0,
			'waiting' => 0,
			'error'   => '',
		);
		$lock  = '' === Newstagger_Settings::url() ? '' : Newstagger_Counter::lock( 'retry', $seconds + 60 );
		if ( $lock ) {
			$count = self::work( $all, microtime( true ) + $seconds, $count );
			Newstagger_Counter::release( 'retry', $lock );
		}
		$count['waiting'] = self::waiting();
		return $count;
	}

	/**
	 * Works off posts one by one, until the time is over or the service fails.
	 *
	 * @param bool  $all      What is not due too.
	 * @param float $deadline When to stop.
	 * @param array $count    What is counted.
	 * @return array
	 */
	private static function work( $all, $deadline, array $count ) {
		$status = self::status();
		$down   = ! self::work_burials();
		foreach ( $down ? array() : self::due( $all ) as $post_id ) {
			if ( microtime( true ) > $deadline ) {
				break;
			}
			$said = self::retry( $post_id );
			++$count[ 'answer' === $said['kind'] || 'refused' === $said['kind'] ? 'heard' : 'later' ];
			$down = in_array( $said['kind'], array( 'late', 'closed' ), true );
			if ( $down ) {
				$count['error'] = $said['error'];
				break;
			}
		}
		$after             = self::status();
		$after['attempts'] = $down ? $status['attempts'] + 1 : 0;
		$after['error']    = $down ? $after['error'] : '';
		if ( self::status() !== $after ) {
			update_option( self::STATUS, $after, false );
		}
		self::schedule_rest( $down );
		return $count;
	}

	/**
	 * Tells of posts that are gone.
	 *
	 * @return bool False when the service did not answer.
	 */
	private static function work_burials() {
		global $wpdb;
		$rows = $wpdb->get_results( $wpdb->prepare( "SELECT option_name, option_value FROM {$wpdb->options} WHERE option_name LIKE %s LIMIT 200", $wpdb->esc_like( self::GONE ) . '%' ) );
		foreach ( (array) $rows as $row ) {
			if ( ! self::tell_burial( (int) substr( $row->option_name, strlen( self::GONE ) ), (int) $row->option_value, self::PATIENCE_MS ) ) {
				return false;
			}
			delete_option( $row->option_name );
		}
		return true;
	}

	/**
	 * Schedules what is left.
	 *
	 * @param bool $down Whether the service failed.
	 */
	private static function schedule_rest( $down ) {
		global $wpdb;
		if ( ! self::waiting() ) {
			return;
		}
		$next = (int) $wpdb->get_var( $wpdb->prepare( "SELECT MIN( meta_value + 0 ) FROM {$wpdb->postmeta} WHERE meta_key = %s", Newstagger_Store::PENDING ) );
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
