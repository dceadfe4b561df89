<?php
/**
 * Whether all is well: for Site Health and the settings page.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Asks the service whether it is ready, and looks at what waits.
 */
class Newstagger_Health {

	/**
	 * Adds the test to Site Health.
	 *
	 * @param array $tests The tests.
	 * @return array
	 */
	public static function add( $tests ) {
		$tests['async']['newstagger'] = array(
			'label'             => __( 'Tagging service', 'newstagger' ),
			'test'              => rest_url( Newstagger_Rest::SPACE . '/health' ),
			'has_rest'          => true,
			'async_direct_test' => array( __CLASS__, 'test' ),
		);
		return $tests;
	}

	/**
	 * Tries address and key.
	 *
	 * @return array{ok:bool,message:string}
	 */
	public static function connection() {
		if ( '' === Newstagger_Settings::url() ) {
			return self::said( false, __( 'No address is set: posts are saved and not tagged.', 'newstagger' ) );
		}
		$ready = Newstagger_Client::call( 'GET', '/readyz', null, 3000 );
		if ( 200 !== $ready['code'] ) {
			/* translators: %s: what went wrong. */
			return self::said( false, sprintf( __( 'The tagging service is not ready: %s', 'newstagger' ), $ready['error'] ? $ready['error'] : $ready['code'] ) );
		}
		$site = (string) Newstagger_Settings::get( 'site' );
		$key  = Newstagger_Client::call( 'GET', '/v1/wire' . ( '' === $site ? '' : '?site=' . rawurlencode( $site ) ), null, 3000 );
		if ( in_array( $key['code'], array( 401, 403 ), true ) ) {
			/* translators: %s: what the service said. */
			return self::said( false, sprintf( __( 'The tagging service is there and does not accept the key: %s', 'newstagger' ), $key['error'] ) );
		}
		if ( 200 !== $key['code'] ) {
			/* translators: %s: what went wrong. */
			return self::said( false, sprintf( __( 'The tagging service is there and does not answer as it should: %s', 'newstagger' ), $key['error'] ? $key['error'] : $key['code'] ) );
		}
		return self::said( true, __( 'The tagging service is ready and accepts the key.', 'newstagger' ) );
	}

	/**
	 * A finding.
	 *
	 * @param bool   $ok      Whether all is well.
	 * @param string $message One line.
	 * @return array{ok:bool,message:string}
	 */
	private static function said( $ok, $message ) {
		return array(
			'ok'      => $ok,
			'message' => $message,
		);
	}

	/**
	 * The Site Health test.
	 *
	 * @return array
	 */
	public static function test() {
		$found   = self::connection();
		$waiting = Newstagger_Queue::waiting();
		$lines   = array( $found['message'] );
		if ( $waiting ) {
			/* translators: %d: a number of posts. */
			$lines[] = sprintf( _n( '%d post waits for its tags.', '%d posts wait for their tags.', $waiting, 'newstagger' ), $waiting );
		}
		if ( ! function_exists( 'curl_init' ) ) {
			$lines[] = __( 'PHP lacks the curl extension: a save may wait for a whole second instead of the wait budget.', 'newstagger' );
		}
		$well = $found['ok'] && ! $waiting && function_exists( 'curl_init' );
		return array(
			'label'       => $well ? __( 'Posts are tagged when they are saved', 'newstagger' ) : __( 'Some posts may lack their tags', 'newstagger' ),
			'status'      => $well ? 'good' : 'recommended',
			'badge'       => array(
				'label' => 'newstagger',
				'color' => $well ? 'blue' : 'orange',
			),
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', $lines ) ) . '</p>',
			'actions'     => '<p><a href="' . esc_url( admin_url( 'options-general.php?page=newstagger' ) ) . '">' . esc_html__( 'Settings of newstagger', 'newstagger' ) . '</a></p>',
			'test'        => 'newstagger',
		);
	}
}
