<?php
/**
 * The circuit breaker: after three time-outs in a row no save asks for a minute.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Holds for all PHP processes of a site.
 */
class Newstagger_Breaker {

	const FAILURES = 'newstagger_failures';
	const UNTIL    = 'newstagger_open_until';
	const LIMIT    = 3;
	const REST     = 60;
	const TRIAL    = 10;

	/**
	 * What was read last in this request: failures and the time until which nobody asks.
	 *
	 * @var array<string,int>|null
	 */
	private static $seen = null;

	/**
	 * Tells whether a save may ask the service. After the minute one process tries; the others wait for what it finds.
	 *
	 * @return bool
	 */
	public static function allows() {
		self::$seen = Newstagger_Counter::read( self::FAILURES, self::UNTIL );
		$until      = self::$seen[ self::UNTIL ];
		if ( 0 === $until ) {
			return true;
		}
		return time() >= $until && Newstagger_Counter::swap( self::UNTIL, $until, time() + self::TRIAL );
	}

	/**
	 * Tells whether the breaker is open now; decides nothing.
	 *
	 * @return bool
	 */
	public static function is_open() {
		$now = Newstagger_Counter::read( self::FAILURES, self::UNTIL );
		return $now[ self::UNTIL ] > time();
	}

	/**
	 * Notes that the service did not answer in time.
	 */
	public static function failed() {
		if ( Newstagger_Counter::increment( self::FAILURES ) >= self::LIMIT ) {
			Newstagger_Counter::set( self::UNTIL, time() + self::REST );
		}
	}

	/**
	 * Notes that the service answered.
	 */
	public static function answered() {
		$seen = null === self::$seen ? Newstagger_Counter::read( self::FAILURES, self::UNTIL ) : self::$seen;
		if ( array_filter( $seen ) ) {
			Newstagger_Counter::set( self::FAILURES, 0 );
			Newstagger_Counter::set( self::UNTIL, 0 );
		}
		self::$seen = null;
	}
}
