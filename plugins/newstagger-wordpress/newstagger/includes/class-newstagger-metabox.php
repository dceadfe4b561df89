<?php
/**
 * The classic editor's box: what the post's form shows of tags, and what came back with it.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Plain form fields, no script. WordPress' own boxes hold the terms; this one holds suggestions, reasons to look, and the lock.
 */
class Newstagger_Metabox {

	const NONCE = 'newstagger_box';
	const FIELD = 'newstagger_box';

	/**
	 * Hooks in.
	 */
	public static function boot() {
		add_action( 'add_meta_boxes', array( __CLASS__, 'add' ) );
		add_action( 'save_post', array( __CLASS__, 'take' ) );
		add_action( 'admin_notices', array( __CLASS__, 'tell' ) );
	}

	/**
	 * Adds the box, where there is no block editor.
	 */
	public static function add() {
		foreach ( Newstagger_Settings::post_types() as $type ) {
			add_meta_box( 'newstagger', __( 'Suggested tags', 'newstagger' ), array( __CLASS__, 'show' ), $type, 'side', 'default', array( '__back_compat_meta_box' => true ) );
		}
	}

	/**
	 * Shows the box.
	 *
	 * @param WP_Post $post The post.
	 */
	public static function show( $post ) {
		$panel = Newstagger_Panel::of( $post->ID );
		$form  = array(
			'held'  => array_column( $panel['tags'], 'term' ),
			'shown' => array_column( $panel['suggestions'], 'concept' ),
		);
		wp_nonce_field( self::NONCE . $post->ID, self::NONCE . '_nonce' );
		printf( '<input type="hidden" name="%s[form]" value="%s">', esc_attr( self::FIELD ), esc_attr( wp_json_encode( $form ) ) );
		if ( '' !== $panel['notice'] ) {
			printf( '<p class="newstagger-notice"><strong>%s</strong></p>', esc_html( $panel['notice'] ) );
		}
		self::show_reuse( $panel['reuse'] );
		foreach ( $panel['suggestions'] as $tag ) {
			self::show_offer( $tag );
		}
		if ( ! $panel['suggestions'] ) {
			printf( '<p>%s</p>', esc_html__( 'No suggestions.', 'newstagger' ) );
		}
		printf(
			'<p><label><input type="checkbox" name="%s[lock]" value="1"%s> %s</label></p>',
			esc_attr( self::FIELD ),
			checked( Newstagger_Store::is_locked( $post->ID ), true, false ),
			esc_html__( 'Leave these tags alone', 'newstagger' )
		);
	}

	/**
	 * Shows a suggestion with its three answers.
	 *
	 * @param array $tag The suggestion.
	 */
	private static function show_offer( array $tag ) {
		$answers = array(
			''       => __( 'later', 'newstagger' ),
			'accept' => __( 'accept', 'newstagger' ),
			'reject' => __( 'reject', 'newstagger' ),
		);
		printf( '<fieldset class="newstagger-suggestion" data-concept="%s"><legend><bdi>%s</bdi> %d %%</legend>', esc_attr( $tag['concept'] ), esc_html( $tag['label'] ), (int) round( 100 * $tag['score'] ) );
		foreach ( $answers as $value => $text ) {
			printf(
				'<label><input type="radio" name="%s[said][%s]" value="%s"%s> %s</label> ',
				esc_attr( self::FIELD ),
				esc_attr( rawurlencode( $tag['concept'] ) ),
				esc_attr( $value ),
				checked( $value, '', false ),
				esc_html( $text )
			);
		}
		echo '</fieldset>';
	}

	/**
	 * Shows the warning of wire copy.
	 *
	 * @param array|null $reuse The report.
	 */
	private static function show_reuse( $reuse ) {
		if ( ! $reuse ) {
			return;
		}
		/* translators: %d: a share in percent. */
		printf( '<p class="newstagger-reuse"><strong>%s</strong></p>', esc_html( sprintf( __( '%d %% of the words stand in wire copy.', 'newstagger' ), (int) round( 100 * $reuse['share'] ) ) ) );
		foreach ( $reuse['matches'] as $match ) {
			printf( '<p><bdi>%s</bdi> %d %%</p>', esc_html( '' === $match['agency'] ? $match['wire_id'] : $match['agency'] ), (int) round( 100 * $match['share'] ) );
		}
	}

	/**
	 * Takes what came back with the form, before the post's hooks run.
	 *
	 * @param int $post_id The post.
	 */
	public static function take( $post_id ) {
		$nonce = isset( $_POST[ self::NONCE . '_nonce' ] ) ? sanitize_key( wp_unslash( $_POST[ self::NONCE . '_nonce' ] ) ) : '';
		if ( ! isset( $_POST['post_ID'], $_POST[ self::FIELD ]['form'] ) || (int) $_POST['post_ID'] !== (int) $post_id || ! wp_verify_nonce( $nonce, self::NONCE . $post_id ) ) {
			return;
		}
		if ( ! current_user_can( 'edit_post', $post_id ) || ! Newstagger_Saver::counts( get_post( $post_id ) ) ) {
			return;
		}
		$told = wp_unslash( (array) $_POST[ self::FIELD ] ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- Read as JSON and compared with what is known.
		Newstagger_Rest::set_lock( ! empty( $told['lock'] ), get_post( $post_id ) );
		self::put_accepted( $post_id, isset( $told['said'] ) ? (array) $told['said'] : array() );
		$form  = json_decode( is_string( $told['form'] ) ? $told['form'] : '', true );
		$held  = is_array( $form ) && isset( $form['held'] ) ? (array) $form['held'] : array();
		$shown = is_array( $form ) && isset( $form['shown'] ) ? (array) $form['shown'] : array();
		Newstagger_Saver::told( $post_id, Newstagger_Rest::form( $post_id, $held, $shown, array_values( Newstagger_Settings::taxonomies() ) ) );
	}

	/**
	 * Puts on what was accepted, and has rejections stored; what could not be stored is told. A service that failed once is not
	 * asked again in this save.
	 *
	 * @param int   $post_id The post.
	 * @param array $said    Answers by concept.
	 */
	private static function put_accepted( $post_id, array $said ) {
		$error = '';
		foreach ( $said as $concept => $answer ) {
			$tag      = Newstagger_Panel::known( $post_id, rawurldecode( $concept ) );
			$taxonomy = $tag ? Newstagger_Vocabulary::taxonomy_for( $tag['facet'], $post_id ) : '';
			if ( ! $taxonomy || ! current_user_can( get_taxonomy( $taxonomy )->cap->assign_terms ) ) {
				continue;
			}
			if ( 'accept' === $answer ) {
				$term = Newstagger_Vocabulary::term_for( $tag['concept'], $tag['label'], $tag['facet'], $taxonomy );
				if ( $term ) {
					wp_set_object_terms( $post_id, array( $term->term_id ), $taxonomy, true );
				}
			} elseif ( 'reject' === $answer && '' === $error ) {
				$error = self::reject( $post_id, $tag['concept'] );
			}
		}
		if ( '' !== $error ) {
			set_transient( 'newstagger_said_' . get_current_user_id(), $error, MINUTE_IN_SECONDS );
		}
	}

	/**
	 * Has a rejection stored within the wait of a save, unless the service is known not to answer.
	 *
	 * @param int    $post_id The post.
	 * @param string $concept The concept's id.
	 * @return string What went wrong; '' for nothing.
	 */
	private static function reject( $post_id, $concept ) {
		if ( Newstagger_Breaker::is_open() ) {
			return __( 'the tagging service does not answer', 'newstagger' );
		}
		return Newstagger_Rest::reject( $post_id, $concept, Newstagger_Settings::wait_ms() );
	}

	/**
	 * Tells whoever saved that a rejection was not stored.
	 */
	public static function tell() {
		$name  = 'newstagger_said_' . get_current_user_id();
		$error = get_transient( $name );
		if ( $error ) {
			delete_transient( $name );
			/* translators: %s: what went wrong. */
			printf( '<div class="notice notice-error"><p>%s</p></div>', esc_html( sprintf( __( 'newstagger: your decision was not saved: %s', 'newstagger' ), $error ) ) );
		}
	}
}
