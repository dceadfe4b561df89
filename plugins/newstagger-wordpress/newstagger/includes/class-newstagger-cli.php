<?php
/**
 * WP-CLI: `wp newstagger status | retry | backfill`.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Tags posts through the newstagger service.
 */
class Newstagger_CLI {

	/**
	 * Tells whether the service is ready, what waits and how far the backfill is.
	 *
	 * ## OPTIONS
	 *
	 * [--json]
	 * : As JSON.
	 *
	 * @param array $args    None.
	 * @param array $options The options.
	 */
	public function status( $args, $options ) {
		$status = array(
			'service'      => Newstagger_Health::connection(),
			'waiting'      => Newstagger_Queue::waiting(),
			'queue'        => Newstagger_Queue::status(),
			'breaker_open' => Newstagger_Breaker::is_open(),
			'backfill'     => Newstagger_Backfill::progress(),
		);
		if ( ! empty( $options['json'] ) ) {
			WP_CLI::line( wp_json_encode( $status ) );
			return;
		}
		WP_CLI::line( $status['service']['message'] );
		WP_CLI::line( sprintf( 'posts that wait: %d', $status['waiting'] ) );
		WP_CLI::line( sprintf( 'last error: %s', $status['queue']['error'] ? $status['queue']['error'] : 'none' ) );
		WP_CLI::line( sprintf( 'backfill: %s', $status['backfill']['running'] ? 'running' : 'not running' ) );
	}

	/**
	 * Asks for the posts that wait, until all were heard or the service fails.
	 *
	 * ## OPTIONS
	 *
	 * [--now]
	 * : Those that are not due yet too.
	 *
	 * [--json]
	 * : As JSON.
	 *
	 * @param array $args    None.
	 * @param array $options The options.
	 */
	public function retry( $args, $options ) {
		$heard   = 0;
		$waiting = PHP_INT_MAX;
		do { // What waits on although it was heard, say because it could not be stored, is not asked for without end.
			$said    = Newstagger_Queue::run( ! empty( $options['now'] ) );
			$goes_on = $said['heard'] > 0 && $said['waiting'] > 0 && $said['waiting'] < $waiting;
			$heard  += $said['heard'];
			$waiting = $said['waiting'];
			Newstagger_Backfill::forget_cached();
		} while ( $goes_on );
		$said['heard'] = $heard;
		if ( ! empty( $options['json'] ) ) {
			WP_CLI::line( wp_json_encode( $said ) );
		} elseif ( $said['busy'] ) {
			WP_CLI::error( sprintf( '%d heard, %d wait: another process asks for them just now; look again in a minute', $said['heard'], $said['waiting'] ) );
		} elseif ( '' !== $said['error'] ) {
			WP_CLI::error( sprintf( '%d heard, %d wait: %s', $said['heard'], $said['waiting'], $said['error'] ) );
		} else {
			WP_CLI::success( sprintf( '%d heard, %d wait', $said['heard'], $said['waiting'] ) );
		}
	}

	/**
	 * Tags all posts that today's answer does not cover.
	 *
	 * ## OPTIONS
	 *
	 * [--all]
	 * : Ask for every post, also where text and model are those of its last answer.
	 *
	 * [--json]
	 * : As JSON.
	 *
	 * @param array $args    None.
	 * @param array $options The options.
	 */
	public function backfill( $args, $options ) {
		$json = ! empty( $options['json'] );
		$tell = static function ( $progress ) use ( $json ) {
			if ( ! $json ) {
				WP_CLI::line( sprintf( '%d of %d', $progress['asked'] + $progress['skipped'] + $progress['failed'], $progress['total'] ) );
			}
		};
		$said = Newstagger_Backfill::run_all( ! empty( $options['all'] ), $tell );
		if ( $json ) {
			WP_CLI::line( wp_json_encode( $said ) );
		} elseif ( '' !== $said['error'] ) {
			WP_CLI::error( sprintf( 'stopped after %d posts: %s; it goes on by itself, or start it again', $said['asked'], $said['error'] ) );
		} else {
			WP_CLI::success( sprintf( '%d asked for, %d left alone, %d failed', $said['asked'], $said['skipped'], $said['failed'] ) );
		}
	}
}
