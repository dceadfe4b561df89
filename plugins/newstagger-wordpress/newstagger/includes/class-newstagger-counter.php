<?php
/**
 * Numbers and locks that several PHP processes share: read and written in the database itself, past every cache.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.DB.DirectDatabaseQuery -- A cached number is a wrong one here, and only one statement counts atomically.

/**
 * Counts in one statement each.
 */
class Newstagger_Counter {

	/**
	 * The values of some options, as they stand now.
	 *
	 * @param string $one   An option.
	 * @param string $other Another.
	 * @return array<string,int> 0 for one that is not there.
	 */
	public static function read( $one, $other ) {
		global $wpdb;
		$values = array(
			$one   => 0,
			$other => 0,
		);
		$rows   = $wpdb->get_results( $wpdb->prepare( "SELECT option_name, option_value FROM {$wpdb->options} WHERE option_name IN ( %s, %s )", $one, $other ) );
		foreach ( (array) $rows as $row ) {
			$values[ $row->option_name ] = (int) $row->option_value;
		}
		return $values;
	}

	/**
	 * Sets an option to a number.
	 *
	 * @param string $name  The option.
	 * @param int    $value The number.
	 */
	public static function set( $name, $value ) {
		global $wpdb;
		$sql = "UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s";
		if ( ! $wpdb->query( $wpdb->prepare( $sql, (string) (int) $value, $name ) ) ) { // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
			self::ensure( $name, $value );
		}
	}

	/**
	 * Adds one to an option.
	 *
	 * @param string $name The option.
	 * @return int What it is then.
	 */
	public static function increment( $name ) {
		global $wpdb;
		if ( ! $wpdb->query( $wpdb->prepare( "UPDATE {$wpdb->options} SET option_value = option_value + 1 WHERE option_name = %s", $name ) ) ) {
			self::ensure( $name, 1 );
		}
		return (int) $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM {$wpdb->options} WHERE option_name = %s", $name ) );
	}

	/**
	 * Sets an option to a number if it still is what it was: of several processes one succeeds.
	 *
	 * @param string $name The option.
	 * @param int    $old  What it was.
	 * @param int    $new  What it is to be.
	 * @return bool
	 */
	public static function swap( $name, $old, $new ) {
		global $wpdb;
		$sql = "UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value = %s";
		return 1 === (int) $wpdb->query( $wpdb->prepare( $sql, (string) (int) $new, $name, (string) (int) $old ) ); // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
	}

	/**
	 * Adds one to the number of a post's saves.
	 *
	 * The number is taken after the text was stored, and the text is read after the number: who sends a number sends at least the
	 * text of that save.
	 *
	 * @param int    $post_id The post.
	 * @param string $key     The meta key.
	 * @return int What it is then.
	 */
	public static function next_of_post( $post_id, $key ) {
		global $wpdb;
		$sql = "UPDATE {$wpdb->postmeta} SET meta_value = meta_value + 1 WHERE post_id = %d AND meta_key = %s";
		if ( ! $wpdb->query( $wpdb->prepare( $sql, $post_id, $key ) ) ) { // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
			add_post_meta( $post_id, $key, 1, true );
		}
		wp_cache_delete( $post_id, 'post_meta' );
		return self::of_post( $post_id, $key );
	}

	/**
	 * The number of a post's saves, as it stands now.
	 *
	 * @param int    $post_id The post.
	 * @param string $key     The meta key.
	 * @return int
	 */
	public static function of_post( $post_id, $key ) {
		global $wpdb;
		return (int) $wpdb->get_var( $wpdb->prepare( "SELECT MAX( meta_value + 0 ) FROM {$wpdb->postmeta} WHERE post_id = %d AND meta_key = %s", $post_id, $key ) );
	}

	/**
	 * Takes a lock; one that ran out is nobody's.
	 *
	 * @param string $name    Its name.
	 * @param int    $seconds How long it holds at most.
	 * @return string What `release` wants; '' when somebody else holds it.
	 */
	public static function lock( $name, $seconds ) {
		global $wpdb;
		$option = 'newstagger_lock_' . $name;
		$mine   = ( time() + $seconds ) . '.' . wp_rand( 100000, 999999 );
		$made   = $wpdb->query( $wpdb->prepare( "INSERT IGNORE INTO {$wpdb->options} ( option_name, option_value, autoload ) VALUES ( %s, %s, 'no' )", $option, $mine ) );
		if ( ! $made ) {
			$sql  = "UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value + 0 < %d";
			$made = $wpdb->query( $wpdb->prepare( $sql, $mine, $option, time() ) ); // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
		}
		return $made ? $mine : '';
	}

	/**
	 * Takes a lock, waiting up to a tenth of a second for whoever holds it.
	 *
	 * @param string $name    Its name.
	 * @param int    $seconds How long it holds at most.
	 * @return string What `release` wants; '' when somebody else still holds it.
	 */
	public static function lock_soon( $name, $seconds ) {
		for ( $tries = 0; $tries < 10; $tries++ ) {
			$lock = self::lock( $name, $seconds );
			if ( '' !== $lock ) {
				return $lock;
			}
			usleep( 10000 );
		}
		return '';
	}

	/**
	 * Gives a lock back.
	 *
	 * @param string $name Its name.
	 * @param string $mine What `lock` returned.
	 */
	public static function release( $name, $mine ) {
		global $wpdb;
		if ( '' === $mine ) {
			return;
		}
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->options} WHERE option_name = %s AND option_value = %s", 'newstagger_lock_' . $name, $mine ) );
	}

	/**
	 * Makes an option that counts, if it is not there.
	 *
	 * @param string $name  The option.
	 * @param int    $value What it is then.
	 */
	private static function ensure( $name, $value ) {
		global $wpdb;
		$sql = "INSERT IGNORE INTO {$wpdb->options} ( option_name, option_value, autoload ) VALUES ( %s, %s, 'no' )";
		$wpdb->query( $wpdb->prepare( $sql, $name, (string) (int) $value ) ); // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared
	}
}
