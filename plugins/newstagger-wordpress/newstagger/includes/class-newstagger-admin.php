<?php
/**
 * The settings page, and what administrators are told.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * Settings → newstagger.
 */
class Newstagger_Admin {

	const PAGE = 'newstagger';

	/**
	 * Hooks in.
	 */
	public static function boot() {
		add_action( 'admin_menu', array( __CLASS__, 'add_page' ) );
		add_action( 'admin_init', array( __CLASS__, 'register' ) );
		add_action( 'admin_enqueue_scripts', array( __CLASS__, 'enqueue' ) );
		add_action( 'admin_notices', array( __CLASS__, 'tell' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( NEWSTAGGER_FILE ), array( __CLASS__, 'add_link' ) );
	}

	/**
	 * Adds the page.
	 */
	public static function add_page() {
		add_options_page( 'newstagger', 'newstagger', 'manage_options', self::PAGE, array( __CLASS__, 'show' ) );
	}

	/**
	 * Adds a link to the list of plugins.
	 *
	 * @param string[] $links The links.
	 * @return string[]
	 */
	public static function add_link( $links ) {
		$link = sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=' . self::PAGE ) ), esc_html__( 'Settings', 'newstagger' ) );
		return array_merge( array( $link ), $links );
	}

	/**
	 * Registers the option.
	 */
	public static function register() {
		register_setting(
			self::PAGE,
			Newstagger_Settings::OPTION,
			array(
				'type'              => 'object',
				'sanitize_callback' => array( 'Newstagger_Settings', 'sanitize' ),
				'default'           => array(),
			)
		);
	}

	/**
	 * Loads the page's script.
	 *
	 * @param string $hook The page.
	 */
	public static function enqueue( $hook ) {
		if ( 'settings_page_' . self::PAGE !== $hook ) {
			return;
		}
		wp_enqueue_script( 'newstagger-admin', plugins_url( 'assets/admin.js', NEWSTAGGER_FILE ), array( 'wp-api-fetch', 'wp-i18n' ), NEWSTAGGER_VERSION, true );
		wp_set_script_translations( 'newstagger-admin', 'newstagger' );
	}

	/**
	 * Tells administrators of posts that wait because the service fails.
	 */
	public static function tell() {
		$screen = get_current_screen();
		if ( ! current_user_can( 'manage_options' ) || ! $screen || ! in_array( $screen->id, array( 'dashboard', 'settings_page_' . self::PAGE ), true ) ) {
			return;
		}
		$status  = Newstagger_Queue::status();
		$waiting = '' === $status['error'] ? 0 : Newstagger_Queue::waiting();
		if ( $waiting ) {
			/* translators: 1: a number of posts, 2: what went wrong. */
			$line = sprintf( _n( 'newstagger: %1$d post waits for its tags: %2$s', 'newstagger: %1$d posts wait for their tags: %2$s', $waiting, 'newstagger' ), $waiting, $status['error'] );
			printf( '<div class="notice notice-warning"><p>%s</p></div>', esc_html( $line ) );
		}
	}

	/**
	 * Shows the page.
	 */
	public static function show() {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>newstagger</h1><form method="post" action="options.php">';
		settings_fields( self::PAGE );
		printf( '<input type="hidden" name="%s[page]" value="1">', esc_attr( Newstagger_Settings::OPTION ) );
		echo '<table class="form-table" role="presentation">';
		self::show_service( Newstagger_Settings::all() );
		self::show_tagging( Newstagger_Settings::all() );
		echo '</table>';
		submit_button();
		echo '</form>';
		self::show_queue();
		echo '</div>';
	}

	/**
	 * Shows one row.
	 *
	 * @param string $name  The field's id.
	 * @param string $label Its label.
	 * @param string $field Its HTML, escaped.
	 * @param string $help  A line below it.
	 */
	private static function row( $name, $label, $field, $help = '' ) {
		printf( '<tr><th scope="row"><label for="newstagger-%s">%s</label></th><td>', esc_attr( $name ), esc_html( $label ) );
		echo $field; // phpcs:ignore WordPress.Security.EscapeOutput -- Made of escaped parts by `input` and `choice`.
		if ( '' !== $help ) {
			printf( '<p class="description">%s</p>', esc_html( $help ) );
		}
		echo '</td></tr>';
	}

	/**
	 * A text field.
	 *
	 * @param string $name  The setting.
	 * @param string $value Its value.
	 * @param string $type  The field's type.
	 * @param string $more  More attributes, escaped.
	 * @return string
	 */
	private static function input( $name, $value, $type = 'text', $more = '' ) {
		return sprintf(
			'<input id="newstagger-%1$s" name="%2$s[%1$s]" type="%3$s" value="%4$s" class="regular-text" %5$s>',
			esc_attr( $name ),
			esc_attr( Newstagger_Settings::OPTION ),
			esc_attr( $type ),
			esc_attr( $value ),
			$more
		);
	}

	/**
	 * A field to choose from.
	 *
	 * @param string               $name    The setting, perhaps with a key in brackets.
	 * @param array<string,string> $choices Value to label.
	 * @param string               $chosen  The value that is set.
	 * @return string
	 */
	private static function choice( $name, array $choices, $chosen ) {
		$options = '';
		foreach ( $choices as $value => $label ) {
			$options .= sprintf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( $chosen, $value, false ), esc_html( $label ) );
		}
		$key = preg_replace( '/^([a-z_]+)/', '[$1]', $name );
		return sprintf( '<select id="newstagger-%s" name="%s">%s</select>', esc_attr( sanitize_key( $name ) ), esc_attr( Newstagger_Settings::OPTION . $key ), $options );
	}

	/**
	 * Shows where the service is.
	 *
	 * @param array $now The settings.
	 */
	private static function show_service( array $now ) {
		$fixed = defined( 'NEWSTAGGER_URL' ) ? 'disabled' : 'placeholder="http://127.0.0.1:8347"';
		self::row( 'url', __( 'Address of the tagging service', 'newstagger' ), self::input( 'url', Newstagger_Settings::url(), 'url', $fixed ), __( 'Where "newstagger serve" listens.', 'newstagger' ) );
		$is_set = '' !== Newstagger_Settings::key();
		$hint   = $is_set ? __( 'A key is set. Leave this empty to keep it.', 'newstagger' ) : __( 'The key of this site, as the service\'s settings name it; none for a service without sites.', 'newstagger' );
		$field  = self::input( 'key', '', 'password', 'autocomplete="new-password"' . ( defined( 'NEWSTAGGER_KEY' ) ? ' disabled' : '' ) );
		if ( $is_set && ! defined( 'NEWSTAGGER_KEY' ) ) {
			$field .= sprintf( ' <label><input type="checkbox" name="%s[forget_key]" value="1"> %s</label>', esc_attr( Newstagger_Settings::OPTION ), esc_html__( 'forget it', 'newstagger' ) );
		}
		self::row( 'key', __( 'Key', 'newstagger' ), $field, defined( 'NEWSTAGGER_KEY' ) ? self::constant_hint() : $hint );
		self::row( 'site', __( 'Site name', 'newstagger' ), self::input( 'site', $now['site'] ), __( 'Only for a service without sites of its own: whose articles these are.', 'newstagger' ) );
		self::row( 'wait_ms', __( 'Longest wait of a save (ms)', 'newstagger' ), self::input( 'wait_ms', (string) $now['wait_ms'], 'number', 'min="50" max="5000" step="10"' ), __( 'What takes longer comes later, through wp-cron.', 'newstagger' ) );
		printf( '<tr><th></th><td><button type="button" class="button" id="newstagger-test">%s</button> <span id="newstagger-tested" role="status"></span></td></tr>', esc_html__( 'Test the connection', 'newstagger' ) );
	}

	/**
	 * What is said of a key that stands in wp-config.php.
	 *
	 * @return string
	 */
	private static function constant_hint() {
		return Newstagger_Settings::withholds_key()
			? __( 'NEWSTAGGER_KEY is set in wp-config.php and not sent: on a network NEWSTAGGER_URL has to stand there, too.', 'newstagger' )
			: __( 'Set in wp-config.php (NEWSTAGGER_KEY).', 'newstagger' );
	}

	/**
	 * Shows what is tagged, and how.
	 *
	 * @param array $now The settings.
	 */
	private static function show_tagging( array $now ) {
		$types = '';
		foreach ( get_post_types( array( 'show_ui' => true ), 'objects' ) as $type ) {
			if ( ! in_array( $type->name, array( 'attachment', 'wp_block', 'wp_template', 'wp_template_part', 'wp_navigation' ), true ) ) {
				$types .= sprintf(
					'<label><input type="checkbox" name="%s[post_types][]" value="%s"%s> %s</label><br>',
					esc_attr( Newstagger_Settings::OPTION ),
					esc_attr( $type->name ),
					checked( in_array( $type->name, $now['post_types'], true ), true, false ),
					esc_html( $type->labels->name )
				);
			}
		}
		self::row( 'post_types', __( 'What is tagged', 'newstagger' ), $types );
		$modes = array(
			'apply'   => __( 'Put sure tags on, suggest the others', 'newstagger' ),
			'suggest' => __( 'Only suggest', 'newstagger' ),
		);
		self::row( 'mode', __( 'Tags that are sure', 'newstagger' ), self::choice( 'mode', $modes, $now['mode'] ) );
		$facets = array(
			'topic'  => __( 'Topics are kept in', 'newstagger' ),
			'region' => __( 'Regions are kept in', 'newstagger' ),
			'actor'  => __( 'Actors are kept in', 'newstagger' ),
		);
		$chosen = Newstagger_Settings::chosen_taxonomies();
		foreach ( $facets as $facet => $label ) {
			self::row( "taxonomies{$facet}", $label, self::choice( "taxonomies[$facet]", self::taxonomy_choices( $facet ), $chosen[ $facet ] ) );
		}
		self::row( 'language', __( 'Language of the posts', 'newstagger' ), self::input( 'language', $now['language'] ), __( '"site": the site\'s; "detect": found out from the text; or a code such as nb. Polylang and WPML are asked first.', 'newstagger' ) );
		self::row( 'credit_meta', __( 'Custom field with the credit line', 'newstagger' ), self::input( 'credit_meta', $now['credit_meta'] ) );
		self::row( 'source_meta', __( 'Custom field with the source', 'newstagger' ), self::input( 'source_meta', $now['source_meta'] ) );
		$delete = sprintf( '<label><input type="checkbox" id="newstagger-delete_terms" name="%s[delete_terms]" value="1"%s> %s</label>', esc_attr( Newstagger_Settings::OPTION ), checked( $now['delete_terms'], true, false ), esc_html__( 'delete the terms of newstagger\'s own taxonomies too', 'newstagger' ) );
		self::row( 'delete_terms', __( 'When the plugin is deleted', 'newstagger' ), $delete );
	}

	/**
	 * The taxonomies that may hold a facet.
	 *
	 * @param string $facet The facet.
	 * @return array<string,string>
	 */
	private static function taxonomy_choices( $facet ) {
		$choices = array( 'newstagger_' . $facet => __( 'a taxonomy of newstagger\'s own', 'newstagger' ) );
		foreach ( get_taxonomies( array( 'show_ui' => true ), 'objects' ) as $taxonomy ) {
			if ( 0 !== strpos( $taxonomy->name, 'newstagger_' ) && $taxonomy->show_in_rest ) {
				$choices[ $taxonomy->name ] = $taxonomy->labels->name;
			}
		}
		return $choices;
	}

	/**
	 * Shows what waits, and the backfill.
	 */
	private static function show_queue() {
		$status  = Newstagger_Queue::status();
		$waiting = Newstagger_Queue::waiting();
		printf( '<h2>%s</h2>', esc_html__( 'Posts that wait', 'newstagger' ) );
		/* translators: %d: a number of posts. */
		$line = sprintf( _n( '%d post waits for its tags.', '%d posts wait for their tags.', $waiting, 'newstagger' ), $waiting );
		printf( '<p id="newstagger-waiting">%s</p>', esc_html( $line ) );
		if ( '' !== $status['error'] ) {
			/* translators: 1: a date and time, 2: what went wrong. */
			printf( '<p>%s</p>', esc_html( sprintf( __( 'Last error, %1$s: %2$s', 'newstagger' ), wp_date( 'Y-m-d H:i', $status['at'] ), $status['error'] ) ) );
		}
		if ( Newstagger_Breaker::is_open() ) {
			printf( '<p>%s</p>', esc_html__( 'The service was late three times in a row: for a minute no save asks it.', 'newstagger' ) );
		}
		printf( '<p><button type="button" class="button" id="newstagger-retry">%s</button> <span id="newstagger-retried" role="status"></span></p>', esc_html__( 'Ask for them now', 'newstagger' ) );
		printf( '<h2>%s</h2><p>%s</p>', esc_html__( 'Posts that were there before', 'newstagger' ), esc_html__( 'Tags every post that today\'s answer does not cover. It goes on when you leave this page.', 'newstagger' ) );
		printf(
			'<p><button type="button" class="button" id="newstagger-backfill">%s</button> <button type="button" class="button" id="newstagger-stop">%s</button> <progress id="newstagger-progress" value="0" max="1" hidden></progress> <span id="newstagger-done" role="status"></span></p>',
			esc_html__( 'Tag them', 'newstagger' ),
			esc_html__( 'Stop', 'newstagger' )
		);
	}
}
