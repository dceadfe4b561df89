<?php
/**
 * Talks to the tagging service, never longer than it is told to.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * One request at a time. Nothing of an article is ever logged.
 */
class Newstagger_Client {

	const MARGIN_MS = 60;

	/**
	 * The request that is under way: its address and its limit in milliseconds.
	 *
	 * @var array{url:string,ms:int}|null
	 */
	private static $limit = null;

	/**
	 * Asks for the tags of an article.
	 *
	 * @param array $article The article, as `Newstagger_Article::of` makes it.
	 * @param int   $wait_ms Most that it may take.
	 * @return array{kind:string,data:array,error:string} kind: `answer`; `accepted` (it comes later); `refused` (this article never);
	 *     `late` (no answer in time, or none that counts); `closed` (wrong address or key).
	 */
	public static function tag( array $article, $wait_ms ) {
		$article['budget_ms'] = min( 10000, max( 0, $wait_ms - self::MARGIN_MS ) );
		$said                 = self::call( 'POST', '/v1/tag?evidence=false', $article, $wait_ms );
		return array(
			'kind'  => self::kind( $said ),
			'data'  => $said['data'],
			'error' => $said['error'],
		);
	}

	/**
	 * What an answer to `/v1/tag` means.
	 *
	 * @param array $said What `call` returned.
	 * @return string
	 */
	private static function kind( array $said ) {
		if ( 200 === $said['code'] && isset( $said['data']['tags'] ) && is_array( $said['data']['tags'] ) ) {
			return 'answer';
		}
		if ( 202 === $said['code'] ) {
			return 'accepted';
		}
		if ( in_array( $said['code'], array( 400, 413, 415, 422 ), true ) ) {
			return 'refused';
		}
		return in_array( $said['code'], array( 401, 403, 404, 405 ), true ) ? 'closed' : 'late';
	}

	/**
	 * Sends one request.
	 *
	 * @param string     $method  GET, POST, DELETE.
	 * @param string     $path    From the first slash on.
	 * @param array|null $body    Sent as JSON.
	 * @param int        $wait_ms Most that it may take, in milliseconds.
	 * @param array      $headers More headers.
	 * @return array{code:int,data:array,error:string} code 0: no answer.
	 */
	public static function call( $method, $path, $body, $wait_ms, array $headers = array() ) {
		$url = Newstagger_Settings::url() . $path;
		$key = Newstagger_Settings::key();
		if ( '' !== $key ) {
			$headers['Authorization'] = 'Bearer ' . $key;
		}
		$headers['Accept'] = 'application/json';
		$arguments         = array(
			'method'              => $method,
			'headers'             => $headers,
			'timeout'             => max( 0.05, $wait_ms / 1000 ),
			'redirection'         => 0,
			'limit_response_size' => 8 * MB_IN_BYTES,
			'user-agent'          => 'newstagger-wordpress/' . NEWSTAGGER_VERSION,
		);
		if ( null !== $body ) {
			$arguments['body']                    = wp_json_encode( $body );
			$arguments['headers']['Content-Type'] = 'application/json';
		}
		self::$limit = array(
			'url' => $url,
			'ms'  => (int) $wait_ms,
		);
		$response    = wp_remote_request( $url, $arguments );
		self::$limit = null;
		return self::read( $response );
	}

	/**
	 * Sets a hard limit on our own request: WordPress rounds time-outs up to a second.
	 *
	 * @param resource|CurlHandle $handle    The handle.
	 * @param array               $arguments The request's arguments.
	 * @param string              $url       The request's address.
	 */
	public static function limit( $handle, $arguments, $url ) {
		if ( null === self::$limit || self::$limit['url'] !== $url ) {
			return;
		}
		// phpcs:disable WordPress.WP.AlternativeFunctions.curl_curl_setopt -- There is no other way to milliseconds.
		curl_setopt( $handle, CURLOPT_NOSIGNAL, 1 );
		curl_setopt( $handle, CURLOPT_CONNECTTIMEOUT_MS, self::$limit['ms'] );
		curl_setopt( $handle, CURLOPT_TIMEOUT_MS, self::$limit['ms'] );
		// phpcs:enable
	}

	/**
	 * What a response says.
	 *
	 * @param array|WP_Error $response The response.
	 * @return array{code:int,data:array,error:string}
	 */
	private static function read( $response ) {
		if ( is_wp_error( $response ) ) {
			return array(
				'code'  => 0,
				'data'  => array(),
				'error' => self::excuse( $response ),
			);
		}
		$code = (int) wp_remote_retrieve_response_code( $response );
		$data = json_decode( wp_remote_retrieve_body( $response ), true, 64 );
		$data = is_array( $data ) ? $data : array();
		return array(
			'code'  => $code,
			'data'  => $data,
			'error' => $code < 400 && $data ? '' : self::complaint( $code, $data ),
		);
	}

	/**
	 * Why there was no answer, in one line that stays the same while the reason does.
	 *
	 * @param WP_Error $error What WordPress says.
	 * @return string
	 */
	private static function excuse( $error ) {
		$said = $error->get_error_message();
		if ( false !== strpos( $said, 'cURL error 28' ) ) {
			return __( 'no answer of the tagging service in time', 'newstagger' );
		}
		return self::line( preg_replace( '/ after \d+ ms/', '', $said ) );
	}

	/**
	 * The service's complaint in one line.
	 *
	 * @param int   $code The status.
	 * @param array $data A problem document (RFC 9457), or anything.
	 * @return string
	 */
	private static function complaint( $code, array $data ) {
		$detail = isset( $data['detail'] ) && is_string( $data['detail'] ) ? $data['detail'] : '';
		/* translators: 1: HTTP status code, 2: what the service said. */
		return self::line( sprintf( __( 'the service answered %1$d %2$s', 'newstagger' ), $code, $detail ) );
	}

	/**
	 * One line of at most 200 characters.
	 *
	 * @param string $text Any text.
	 * @return string
	 */
	public static function line( $text ) {
		return mb_substr( trim( preg_replace( '/\s+/', ' ', wp_check_invalid_utf8( (string) $text, true ) ) ), 0, 200 );
	}
}
