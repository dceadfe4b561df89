<?php
/**
 * A post is saved: the straight line.
 *
 *     wp_after_insert_post -> why? whose word? -> ask, within the wait budget -> write back, if the text is still that -> remember
 *                                                     `-> no answer: the save goes on, the post waits in the queue
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Never fails a save, whatever happens here.
 */
class Newstagger_Saver {

	const ATTEMPTS = 3;
	const LEAST_MS = 80;

	/**
	 * What the forms of this request say, by post.
	 *
	 * @var array<int,array>
	 */
	private static $forms = array();

	/**
	 * Posts of which an old revision is being brought back.
	 *
	 * @var array<int,bool>
	 */
	private static $restoring = array();

	/**
	 * Posts that are being looked at.
	 *
	 * @var array<int,bool>
	 */
	private static $busy = array();

	/**
	 * True once the service was late in this request: who saves many posts at once waits once.
	 *
	 * @var bool
	 */
	private static $was_late = false;

	/**
	 * Takes what the form of a save says, before the post's hooks run.
	 *
	 * @param int   $post_id The post.
	 * @param array $form    Lists of concept ids: held, shown.
	 */
	public static function told( $post_id, array $form ) {
		self::$forms[ $post_id ] = $form;
	}

	/**
	 * Notes that WordPress reads an old revision's fields, which it does just before it brings them back.
	 *
	 * @param array $fields The fields.
	 * @param array $post   The post or revision that they are of.
	 * @return array The fields, unchanged.
	 */
	public static function on_revision_fields( $fields, $post ) {
		if ( is_array( $post ) && isset( $post['post_type'], $post['post_parent'] ) && 'revision' === $post['post_type'] ) {
			self::$restoring[ (int) $post['post_parent'] ] = true;
		}
		return $fields;
	}

	/**
	 * Answers a save.
	 *
	 * @param int          $post_id The post.
	 * @param WP_Post      $post    The post.
	 * @param bool         $update  Whether it was there before.
	 * @param WP_Post|null $before  What it was before.
	 */
	public static function on_saved( $post_id, $post, $update, $before ) {
		$form     = isset( self::$forms[ $post_id ] ) ? self::$forms[ $post_id ] : null;
		$restored = isset( self::$restoring[ $post_id ] );
		unset( self::$forms[ $post_id ], self::$restoring[ $post_id ] );
		if ( ! self::counts( $post ) || self::is_echo() ) {
			return;
		}
		$event = Newstagger_Article::event( $post, $before );
		$event = $restored && 'kill' !== $event ? 'restore' : $event;
		self::guarded( $post_id, $event, $form );
	}

	/**
	 * Looks at a post, whatever goes wrong.
	 *
	 * @param int        $post_id The post.
	 * @param string     $event   Why.
	 * @param array|null $form    What the form said.
	 */
	public static function guarded( $post_id, $event, $form = null ) {
		if ( isset( self::$busy[ $post_id ] ) || '' === Newstagger_Settings::url() ) {
			return;
		}
		self::$busy[ $post_id ] = true;
		try {
			self::saved( $post_id, $event, $form );
		} catch ( Throwable $error ) {
			self::note_failure( $post_id, $error );
		}
		unset( self::$busy[ $post_id ] );
	}

	/**
	 * Remembers that something broke on our side; nothing of the article is told.
	 *
	 * @param int       $post_id The post.
	 * @param Throwable $error   What broke.
	 */
	private static function note_failure( $post_id, $error ) {
		$where = self::log_failure( $post_id, $error );
		try {
			Newstagger_Queue::keep( $post_id, array(), 60, $where );
		} catch ( Throwable $again ) {
			error_log( "newstagger: post $post_id could not be marked: " . get_class( $again ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
		}
	}

	/**
	 * Logs what broke at a post; nothing of the article is told.
	 *
	 * @param int       $post_id The post.
	 * @param Throwable $error   What broke.
	 * @return string What and where, in one line.
	 */
	public static function log_failure( $post_id, $error ) {
		$where = sprintf( '%s in %s:%d', get_class( $error ), basename( $error->getFile() ), $error->getLine() );
		error_log( "newstagger: post $post_id could not be tagged: $where" ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions
		return $where;
	}

	/**
	 * Tells whether a post is an article whose saves are told.
	 *
	 * @param WP_Post|null $post A post.
	 * @return bool
	 */
	public static function counts( $post ) {
		return $post instanceof WP_Post
			&& in_array( $post->post_type, Newstagger_Settings::post_types(), true )
			&& ! in_array( $post->post_status, array( 'auto-draft', 'inherit' ), true );
	}

	/**
	 * Tells whether the block editor saves a post once more only for the meta boxes below it.
	 *
	 * @return bool
	 */
	private static function is_echo() {
		return isset( $_GET['meta-box-loader'] ); // phpcs:ignore WordPress.Security.NonceVerification -- Nothing is done with it.
	}

	/**
	 * The line itself.
	 *
	 * @param int        $post_id The post.
	 * @param string     $event   Why.
	 * @param array|null $form    What the form said.
	 */
	private static function saved( $post_id, $event, $form ) {
		$began = microtime( true );
		$post  = get_post( $post_id );
		if ( ! Newstagger_Article::has_text( $post ) || ( 'kill' === $event && ! self::was_told( $post_id ) ) ) {
			return;
		}
		$revision = Newstagger_Counter::next_of_post( $post_id, Newstagger_Store::REVISION );
		Newstagger_Store::tidy_machine( $post_id );
		$held = Newstagger_Store::held( $post_id );
		if ( 'kill' === $event ) {
			self::forget_answer( $post_id );
		}
		$entries   = Newstagger_Queue::entries( $post_id );
		$entries[] = array(
			'revision' => $revision,
			'event'    => $event,
			'by'       => self::editor(),
			'form'     => $form,
			'tags'     => Newstagger_Store::told( $held ),
		);
		if ( 'import' === $event && defined( 'WP_IMPORTING' ) || self::$was_late || ! Newstagger_Breaker::allows() ) {
			Newstagger_Queue::keep( $post_id, $entries, 0, '' );
			return;
		}
		$spent          = (int) ( ( microtime( true ) - $began ) * 1000 );
		$heard          = self::hear( $post_id, $entries, Newstagger_Settings::wait_ms() - $spent );
		self::$was_late = in_array( $heard['kind'], array( 'late', 'accepted' ), true );
		if ( self::$was_late ) {
			Newstagger_Breaker::failed();
		}
	}

	/**
	 * Who saves: a login name; '' for the clock.
	 *
	 * @return string
	 */
	private static function editor() {
		$user = wp_get_current_user();
		return $user && $user->exists() ? $user->user_login : '';
	}

	/**
	 * Tells whether the service knows a post.
	 *
	 * @param int $post_id The post.
	 * @return bool
	 */
	private static function was_told( $post_id ) {
		return Newstagger_Counter::of_post( $post_id, Newstagger_Store::REVISION ) > 0;
	}

	/**
	 * Shows no tag or suggestion of a story that was withdrawn.
	 *
	 * @param int $post_id The post.
	 */
	private static function forget_answer( $post_id ) {
		Newstagger_Store::change(
			$post_id,
			array(
				'status' => 'killed',
				'notice' => '',
				'tags'   => array(),
				'reuse'  => null,
				'hash'   => '',
			)
		);
	}

	/**
	 * A save that says nothing but what stands on the post now.
	 *
	 * @param WP_Post $post  The post.
	 * @param string  $event Why; '' takes it from the post.
	 * @return array
	 */
	public static function plain_entry( $post, $event = '' ) {
		return array(
			'revision' => Newstagger_Counter::of_post( $post->ID, Newstagger_Store::REVISION ),
			'event'    => '' === $event ? Newstagger_Article::event( $post, $post ) : $event,
			'by'       => '',
			'form'     => null,
			'tags'     => Newstagger_Store::told( Newstagger_Store::held( $post->ID ) ),
		);
	}

	/**
	 * Lets the service hear saves in their order, and writes back what it answers to the last.
	 *
	 * @param int   $post_id The post.
	 * @param array $entries The saves.
	 * @param int   $wait_ms Most that it may take.
	 * @return array{kind:string,error:string} kind `answer`: all was heard; else what `Newstagger_Client::tag` says, or `moved`.
	 */
	public static function hear( $post_id, array $entries, $wait_ms ) {
		$deadline = microtime( true ) + $wait_ms / 1000;
		$moved    = 0;
		$event    = end( $entries )['event'];
		while ( $entries ) {
			$left = (int) ( ( $deadline - microtime( true ) ) * 1000 );
			if ( $left < self::LEAST_MS ) {
				return self::unheard( $post_id, $entries, array( 'kind' => $moved ? 'moved' : 'late' ) );
			}
			$post   = get_post( $post_id );
			$hash   = Newstagger_Article::hash( $post );
			$answer = Newstagger_Client::tag( Newstagger_Article::of( $post, $entries[0] ), $left );
			if ( 'answer' !== $answer['kind'] ) {
				return self::unheard( $post_id, $entries, $answer );
			}
			Newstagger_Breaker::answered();
			if ( count( $entries ) > 1 ) {
				Newstagger_Queue::heard( $post_id, array( array_shift( $entries ) ) );
				continue;
			}
			if ( self::settle( $post_id, $entries[0], $answer['data'], $hash ) ) {
				return array(
					'kind'  => 'answer',
					'error' => '',
				);
			}
			Newstagger_Queue::heard( $post_id, $entries );
			clean_post_cache( $post_id );
			$post = get_post( $post_id );
			if ( ! $post || 'trash' === $post->post_status ) {
				break;
			}
			$entries = array( self::plain_entry( $post, $event ) );
			if ( ++$moved >= self::ATTEMPTS ) {
				return self::unheard( $post_id, $entries, array( 'kind' => 'moved' ) );
			}
		}
		return array(
			'kind'  => 'answer',
			'error' => '',
		);
	}

	/**
	 * Sees to a save that was not heard: it waits, unless the service will never read it.
	 *
	 * @param int   $post_id The post.
	 * @param array $entries The saves.
	 * @param array $answer  What came: kind, and error or data.
	 * @return array{kind:string,error:string}
	 */
	private static function unheard( $post_id, array $entries, array $answer ) {
		$error = isset( $answer['error'] ) ? $answer['error'] : '';
		if ( 'refused' === $answer['kind'] ) {
			Newstagger_Breaker::answered();
			Newstagger_Queue::heard( $post_id, $entries );
			Newstagger_Store::change(
				$post_id,
				array(
					'status' => 'problem',
					/* translators: %s: what the service said. */
					'notice' => sprintf( __( 'newstagger: this post cannot be tagged: %s', 'newstagger' ), $error ),
				)
			);
		} else {
			$later = 'accepted' === $answer['kind'] && isset( $answer['data']['retry_after_ms'] ) ? (int) ceil( $answer['data']['retry_after_ms'] / 1000 ) : 0;
			Newstagger_Queue::keep( $post_id, $entries, $later, $error );
		}
		return array(
			'kind'  => $answer['kind'],
			'error' => $error,
		);
	}

	/**
	 * Writes an answer back and remembers it, if it is still the last save, and the text the one that it was given for.
	 *
	 * Both are looked at before and after: whoever saved in between finds these tags and corrects them, or is found here.
	 *
	 * @param int    $post_id The post.
	 * @param array  $entry   The save.
	 * @param array  $answer  The answer.
	 * @param string $hash    The text that was sent.
	 * @return bool False when it was overtaken.
	 */
	private static function settle( $post_id, array $entry, array $answer, $hash ) {
		if ( 'kill' === $entry['event'] ) {
			$stands = Newstagger_Article::hash_now( $post_id ) === $hash;
			if ( $stands ) {
				Newstagger_Queue::heard( $post_id, array( $entry ) );
			}
			return $stands;
		}
		$lock = Newstagger_Store::lock( $post_id );
		try {
			return self::write_back( $post_id, $entry, $answer, $hash );
		} finally {
			Newstagger_Store::unlock( $post_id, $lock );
		}
	}

	/**
	 * Writes and remembers, while no other process does.
	 *
	 * @param int    $post_id The post.
	 * @param array  $entry   The save.
	 * @param array  $answer  The answer.
	 * @param string $hash    The text that was sent.
	 * @return bool False when it was overtaken.
	 */
	private static function write_back( $post_id, array $entry, array $answer, $hash ) {
		if ( self::is_overtaken( $post_id, $entry, $hash ) ) {
			return false;
		}
		$refused = Newstagger_Writer::write( $post_id, $answer );
		if ( self::is_overtaken( $post_id, $entry, $hash ) ) {
			return false;
		}
		self::remember( $post_id, $entry, $answer, $hash, $refused );
		return true;
	}

	/**
	 * Tells whether somebody saved another text meanwhile, or the same text with other tags.
	 *
	 * @param int    $post_id The post.
	 * @param array  $entry   The save.
	 * @param string $hash    The text that was sent.
	 * @return bool
	 */
	private static function is_overtaken( $post_id, array $entry, $hash ) {
		return Newstagger_Article::hash_now( $post_id ) !== $hash
			|| Newstagger_Counter::of_post( $post_id, Newstagger_Store::REVISION ) !== (int) $entry['revision'];
	}

	/**
	 * Remembers an answer for the panel and the next save.
	 *
	 * @param int      $post_id The post.
	 * @param array    $entry   The save.
	 * @param array    $answer  The answer.
	 * @param string   $hash    The text that it was given for.
	 * @param string[] $refused Lines about tags that have no place.
	 */
	private static function remember( $post_id, array $entry, array $answer, $hash, array $refused ) {
		$held   = Newstagger_Store::held( $post_id );
		$people = array_filter(
			$held,
			static function ( $tag ) {
				return 'human' === $tag['origin'];
			}
		);
		$reply  = new Newstagger_Answer( $answer );
		$notice = implode( '; ', array_filter( array_merge( array( $reply->notice() ), $refused ) ) );
		$before = Newstagger_Store::state( $post_id );
		$state  = array(
			'status'   => '' === $notice ? 'tagged' : 'problem',
			'notice'   => $notice,
			'revision' => (int) $entry['revision'],
			'hash'     => $hash,
			'mark'     => Newstagger_Settings::fingerprint(),
			'bundle'   => $reply->bundle(),
			'tags'     => $reply->shown(),
			'rejected' => $reply->rejected(),
			'reuse'    => $reply->reuse(),
			'human'    => array_column( $people, 'concept' ),
			'seen'     => array_column( $held, 'concept' ),
			'tries'    => $reply->has_problems() ? $before['tries'] + 1 : 0,
		);
		if ( array_intersect_key( $before, $state ) !== $state ) {
			Newstagger_Store::change( $post_id, $state );
		}
		if ( ! $reply->is_stored() ) { // An editor's word may not have been stored: it is said again.
			Newstagger_Queue::keep( $post_id, array( $entry ), 60 * ( 2 ** min( 6, $state['tries'] ) ), '', $notice );
			return;
		}
		Newstagger_Queue::heard( $post_id, array( $entry ) );
		if ( $reply->has_problems() ) {
			Newstagger_Queue::once_more( $post_id, $state['tries'] );
		}
	}

	/**
	 * Tells the service that a post is gone for good.
	 *
	 * @param int     $post_id The post.
	 * @param WP_Post $post    The post.
	 */
	public static function on_deleted( $post_id, $post ) {
		if ( ! self::counts( $post ) || '' === Newstagger_Settings::url() || ! self::was_told( $post_id ) ) {
			return;
		}
		$state = Newstagger_Store::state( $post_id );
		if ( 'killed' === $state['status'] && ! Newstagger_Queue::entries( $post_id ) ) {
			return;
		}
		Newstagger_Queue::bury( $post_id, Newstagger_Counter::next_of_post( $post_id, Newstagger_Store::REVISION ) );
	}
}
