<?php
/**
 * REST: the fields of posts and terms, and the plugin's own routes.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * What the editor's script, drivers and other programs speak.
 */
class Newstagger_Rest {

	const SPACE = 'newstagger/v1';

	/**
	 * Registers fields and routes.
	 */
	public static function register() {
		self::register_fields();
		$edit  = array( __CLASS__, 'may_edit' );
		$admin = array( __CLASS__, 'may_manage' );
		self::route( '/posts/(?P<id>\d+)', 'GET', 'panel', $edit );
		self::route( '/posts/(?P<id>\d+)/why', 'GET', 'why', $edit );
		self::route( '/posts/(?P<id>\d+)/tag', 'POST', 'tag', $edit );
		self::route( '/posts/(?P<id>\d+)/accept', 'POST', 'accept', $edit, self::concept_argument() );
		$action = array(
			'action' => array(
				'type'     => 'string',
				'enum'     => array( 'rejected' ),
				'required' => true,
			),
		);
		self::route( '/posts/(?P<id>\d+)/decisions', 'POST', 'decide', $edit, self::concept_argument() + $action );
		self::route( '/test', 'POST', 'test', $admin );
		self::route( '/retry', 'POST', 'retry', $admin );
		self::route( '/backfill', 'GET', 'backfill_progress', $admin );
		self::route( '/backfill', 'POST', 'backfill', $admin );
		self::route( '/health', 'GET', 'health', array( __CLASS__, 'may_see_health' ) );
	}

	/**
	 * Registers a route.
	 *
	 * @param string   $path      The path.
	 * @param string   $method    GET or POST.
	 * @param string   $callback  A method of this class.
	 * @param callable $may       Who may.
	 * @param array    $arguments The route's arguments.
	 */
	private static function route( $path, $method, $callback, $may, array $arguments = array() ) {
		register_rest_route(
			self::SPACE,
			$path,
			array(
				'methods'             => $method,
				'callback'            => array( __CLASS__, $callback ),
				'permission_callback' => $may,
				'args'                => $arguments,
			)
		);
	}

	/**
	 * The argument that names a concept.
	 *
	 * @return array
	 */
	private static function concept_argument() {
		return array(
			'concept' => array(
				'type'      => 'string',
				'required'  => true,
				'minLength' => 1,
				'maxLength' => 1000,
			),
		);
	}

	/**
	 * Registers the fields of posts and terms.
	 */
	private static function register_fields() {
		$types = Newstagger_Settings::post_types();
		self::field( $types, 'newstagger', 'object', true, array( 'get_callback' => array( __CLASS__, 'get_panel' ) ) );
		self::field( $types, 'newstagger_form', 'object', false, array( 'update_callback' => array( __CLASS__, 'take_form' ) ) );
		$lock = array(
			'get_callback'    => array( __CLASS__, 'get_lock' ),
			'update_callback' => array( __CLASS__, 'set_lock' ),
		);
		self::field( $types, 'newstagger_lock', 'boolean', false, $lock );
		$taxonomies = array_values( array_unique( Newstagger_Settings::taxonomies() ) );
		foreach ( array( 'concept_of', 'label_of' ) as $what ) {
			register_rest_field(
				$taxonomies,
				'concept_of' === $what ? Newstagger_Vocabulary::CONCEPT : Newstagger_Vocabulary::LABEL,
				array(
					'get_callback' => static function ( $prepared ) use ( $what ) {
						$term = isset( $prepared['id'] ) ? get_term( (int) $prepared['id'] ) : null;
						return $term instanceof WP_Term ? Newstagger_Vocabulary::$what( $term ) : '';
					},
					'schema'       => array(
						'type'     => 'string',
						'readonly' => true,
						'context'  => array( 'view', 'edit', 'embed' ),
					),
				)
			);
		}
	}

	/**
	 * Registers one field of posts, for those who edit.
	 *
	 * @param string[] $types    The post types.
	 * @param string   $name     The field.
	 * @param string   $type     Its type.
	 * @param bool     $readonly Whether it cannot be written.
	 * @param array    $calls    What reads and writes it: get_callback, update_callback.
	 */
	private static function field( array $types, $name, $type, $readonly, array $calls ) {
		$schema = array(
			'type'     => $type,
			'readonly' => $readonly,
			'context'  => array( 'edit' ),
		);
		register_rest_field( $types, $name, $calls + array( 'schema' => $schema ) );
	}

	/**
	 * Tells whether somebody may edit a post that is tagged.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return bool|WP_Error
	 */
	public static function may_edit( $request ) {
		$post = get_post( (int) $request['id'] );
		if ( ! Newstagger_Saver::counts( $post ) ) {
			return new WP_Error( 'newstagger_no_article', __( 'there is no such article', 'newstagger' ), array( 'status' => 404 ) );
		}
		return current_user_can( 'edit_post', $post->ID );
	}

	/**
	 * Tells whether somebody may manage the plugin.
	 *
	 * @return bool
	 */
	public static function may_manage() {
		return current_user_can( 'manage_options' );
	}

	/**
	 * Tells whether somebody may see Site Health.
	 *
	 * @return bool
	 */
	public static function may_see_health() {
		return current_user_can( 'view_site_health_checks' ) || current_user_can( 'manage_options' );
	}

	/**
	 * The field `newstagger` of a post.
	 *
	 * @param array           $prepared The post as prepared so far.
	 * @param string          $name     The field.
	 * @param WP_REST_Request $request  The request.
	 * @return array|null
	 */
	public static function get_panel( $prepared, $name, $request ) {
		$of_many = 'GET' === $request->get_method() && ! $request['id'];
		return 'edit' === $request['context'] && ! $of_many && ! empty( $prepared['id'] ) ? Newstagger_Panel::of( (int) $prepared['id'] ) : null;
	}

	/**
	 * The field `newstagger_lock` of a post.
	 *
	 * @param array $prepared The post as prepared so far.
	 * @return bool
	 */
	public static function get_lock( $prepared ) {
		return ! empty( $prepared['id'] ) && Newstagger_Store::is_locked( (int) $prepared['id'] );
	}

	/**
	 * Locks a post, or unlocks it.
	 *
	 * @param bool    $value Whether it is to be locked.
	 * @param WP_Post $post  The post.
	 */
	public static function set_lock( $value, $post ) {
		if ( $value ) {
			update_post_meta( $post->ID, Newstagger_Store::LOCK, '1' );
		} else {
			delete_post_meta( $post->ID, Newstagger_Store::LOCK );
		}
	}

	/**
	 * Takes what the form of a save says. The post's terms are set already, its hooks have not run yet.
	 *
	 * What the request does not send the form says nothing about: there it held what the post holds now.
	 *
	 * @param mixed           $value   What the form held (term ids) and showed (concept ids).
	 * @param WP_Post         $post    The post.
	 * @param string          $name    The field.
	 * @param WP_REST_Request $request The request.
	 */
	public static function take_form( $value, $post, $name, $request ) {
		if ( ! is_array( $value ) || ! isset( $value['held'] ) || ! is_array( $value['held'] ) ) {
			return;
		}
		$said = array();
		foreach ( array_unique( Newstagger_Settings::taxonomies() ) as $taxonomy ) {
			$object = get_taxonomy( $taxonomy );
			if ( isset( $request[ $object->rest_base ? $object->rest_base : $taxonomy ] ) ) {
				$said[] = $taxonomy;
			}
		}
		$shown = isset( $value['shown'] ) ? (array) $value['shown'] : array();
		Newstagger_Saver::told( $post->ID, self::form( $post->ID, $value['held'], $shown, $said ) );
	}

	/**
	 * A form's state in concept ids.
	 *
	 * @param int   $post_id The post.
	 * @param array $held    The terms that the form held.
	 * @param array $shown   The concepts that it offered.
	 * @param array $said    The taxonomies that came back with it.
	 * @return array{held:string[],shown:string[]}
	 */
	public static function form( $post_id, array $held, array $shown, array $said ) {
		$concepts = array();
		foreach ( array_slice( array_unique( array_map( 'absint', $held ) ), 0, 1000 ) as $term_id ) {
			$term = get_term( $term_id );
			if ( $term instanceof WP_Term && in_array( $term->taxonomy, $said, true ) ) {
				$concepts[] = Newstagger_Vocabulary::concept_of( $term );
			}
		}
		foreach ( Newstagger_Store::held( $post_id ) as $tag ) {
			if ( ! in_array( $tag['taxonomy'], $said, true ) ) {
				$concepts[] = $tag['concept'];
			}
		}
		return array(
			'held'  => array_values( array_unique( $concepts ) ),
			'shown' => array_slice( array_values( array_unique( array_filter( $shown, 'is_string' ) ) ), 0, 1000 ),
		);
	}

	/**
	 * What an editor sees of a post's tags.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array
	 */
	public static function panel( $request ) {
		return Newstagger_Panel::of( (int) $request['id'] );
	}

	/**
	 * Why the tags are there.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array|WP_Error
	 */
	public static function why( $request ) {
		return Newstagger_Panel::why( (int) $request['id'] );
	}

	/**
	 * Asks for a post now, with more patience than a save has.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array|WP_Error
	 */
	public static function tag( $request ) {
		$said = Newstagger_Queue::retry( (int) $request['id'] );
		if ( in_array( $said['kind'], array( 'late', 'closed' ), true ) ) {
			$error = '' === $said['error'] ? __( 'the tagging service does not answer in time', 'newstagger' ) : $said['error'];
			return new WP_Error( 'newstagger_late', $error, array( 'status' => 503 ) );
		}
		return Newstagger_Panel::of( (int) $request['id'] );
	}

	/**
	 * The term of a suggestion, to be put into the form.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array|WP_Error
	 */
	public static function accept( $request ) {
		$tag = Newstagger_Panel::known( (int) $request['id'], $request['concept'] );
		if ( ! $tag ) {
			return new WP_Error( 'newstagger_unknown', __( 'this tag is no longer on offer; save the post once more', 'newstagger' ), array( 'status' => 404 ) );
		}
		$taxonomy = Newstagger_Vocabulary::taxonomy_for( $tag['facet'], (int) $request['id'] );
		$object   = $taxonomy ? get_taxonomy( $taxonomy ) : null;
		if ( ! $object || ! current_user_can( $object->cap->assign_terms ) ) {
			return new WP_Error( 'newstagger_no_place', __( 'you may not put on tags of this kind', 'newstagger' ), array( 'status' => 403 ) );
		}
		$term = Newstagger_Vocabulary::term_for( $tag['concept'], $tag['label'], $tag['facet'], $taxonomy );
		if ( ! $term ) {
			return new WP_Error( 'newstagger_no_term', __( 'no term could be made of this tag', 'newstagger' ), array( 'status' => 500 ) );
		}
		return array(
			'term'      => (int) $term->term_id,
			'taxonomy'  => $taxonomy,
			'rest_base' => $object->rest_base ? $object->rest_base : $taxonomy,
			'name'      => Newstagger_Vocabulary::label_of( $term ),
		);
	}

	/**
	 * Rejects a suggestion: done when the service has stored it, else not at all.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array|WP_Error
	 */
	public static function decide( $request ) {
		$error = self::reject( (int) $request['id'], $request['concept'] );
		if ( '' !== $error ) {
			/* translators: %s: what went wrong. */
			$message = sprintf( __( 'newstagger: your decision was not saved: %s', 'newstagger' ), $error );
			return new WP_Error( 'newstagger_not_saved', $message, array( 'status' => 503 ) );
		}
		return array( 'stored' => 1 );
	}

	/**
	 * Has the service store that an editor rejects a suggestion.
	 *
	 * @param int    $post_id The post.
	 * @param string $concept The concept's id.
	 * @param int    $wait_ms Most that it may take.
	 * @return string What went wrong; '' for nothing.
	 */
	public static function reject( $post_id, $concept, $wait_ms = 3000 ) {
		$revision = Newstagger_Counter::of_post( $post_id, Newstagger_Store::REVISION );
		$id       = Newstagger_Article::id( $post_id );
		$body     = array(
			'id'       => $id,
			'concept'  => $concept,
			'action'   => 'rejected',
			'by'       => wp_get_current_user()->user_login,
			'shown'    => true,
			'revision' => $revision,
		);
		$site     = (string) Newstagger_Settings::get( 'site' );
		$key      = hash( 'sha256', wp_json_encode( array( home_url(), $id, $concept, $revision, 'rejected' ) ) );
		$said     = Newstagger_Client::call( 'POST', '/v1/decisions', '' === $site ? $body : $body + array( 'site' => $site ), $wait_ms, array( 'Idempotency-Key' => $key ) );
		if ( 0 === $said['code'] ) {
			Newstagger_Breaker::failed();
		}
		if ( 200 !== $said['code'] ) {
			return '' === $said['error'] ? __( 'the tagging service does not answer', 'newstagger' ) : $said['error'];
		}
		$rejected = Newstagger_Store::state( $post_id )['rejected'];
		Newstagger_Store::change( $post_id, array( 'rejected' => array_values( array_unique( array_merge( $rejected, array( $concept ) ) ) ) ) );
		return '';
	}

	/**
	 * Tries the connection.
	 *
	 * @return array{ok:bool,message:string}
	 */
	public static function test() {
		return Newstagger_Health::connection();
	}

	/**
	 * Works off what waits, now.
	 *
	 * @return array
	 */
	public static function retry() {
		return Newstagger_Queue::run( true );
	}

	/**
	 * How far the backfill is.
	 *
	 * @return array
	 */
	public static function backfill_progress() {
		return Newstagger_Backfill::progress();
	}

	/**
	 * Starts the backfill (`start`), stops it (`stop`), or does a batch of it.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return array
	 */
	public static function backfill( $request ) {
		if ( $request['stop'] ) {
			Newstagger_Backfill::stop();
		} elseif ( $request['start'] ) {
			return Newstagger_Backfill::start( (bool) $request['all'] );
		}
		return $request['stop'] ? Newstagger_Backfill::progress() : Newstagger_Backfill::step( 5 );
	}

	/**
	 * The Site Health test.
	 *
	 * @return array
	 */
	public static function health() {
		return Newstagger_Health::test();
	}
}
