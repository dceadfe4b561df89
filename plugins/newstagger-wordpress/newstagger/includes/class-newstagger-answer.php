<?php
/**
 * The service's answer, read with care: whatever is wrong in it is left out.
 *
 * @package newstagger
 */

defined( 'ABSPATH' ) || exit;

/**
 * One tagging.
 */
class Newstagger_Answer {

	const HARMLESS   = '/^(reuse:|article_tagged)/';
	const MOST_SHOWN = 200;
	const MOST_FOUND = 10;

	/**
	 * The answer as it came.
	 *
	 * @var array
	 */
	private $data;

	/**
	 * Takes an answer.
	 *
	 * @param array $data The JSON of a tagging.
	 */
	public function __construct( array $data ) {
		$this->data = $data;
	}

	/**
	 * The tags that are written or shown, without their evidence.
	 *
	 * @return array[] Each with concept, label, facet, score, role, decision, tagger.
	 */
	public function shown() {
		$shown = array();
		foreach ( $this->rows( 'tags' ) as $tag ) {
			$decision = self::text( $tag, 'decision' );
			$concept  = self::text( $tag, 'concept' );
			if ( '' === $concept || ! in_array( $decision, array( 'auto', 'suggest' ), true ) ) {
				continue;
			}
			$shown[ $concept ] = array(
				'concept'  => $concept,
				'label'    => self::text( $tag, 'label' ),
				'facet'    => self::text( $tag, 'facet' ),
				'score'    => isset( $tag['score'] ) ? round( (float) $tag['score'], 4 ) : 0.0,
				'role'     => self::text( $tag, 'role' ),
				'decision' => $decision,
				'tagger'   => self::text( $tag, 'tagger' ),
			);
		}
		return array_slice( array_values( $shown ), 0, self::MOST_SHOWN );
	}

	/**
	 * The tags that are to be on the article, by concept.
	 *
	 * @return array<string,array>
	 */
	public function auto() {
		return array_filter(
			array_column( $this->shown(), null, 'concept' ),
			static function ( $tag ) {
				return 'auto' === $tag['decision'];
			}
		);
	}

	/**
	 * The concepts that editors keep off the article.
	 *
	 * @return string[]
	 */
	public function rejected() {
		return isset( $this->data['rejected'] ) ? array_values( array_filter( (array) $this->data['rejected'], 'is_string' ) ) : array();
	}

	/**
	 * Tells whether everything that gives tags was asked and answered; a tag that is missing else says nothing.
	 *
	 * @return bool
	 */
	public function is_complete() {
		foreach ( $this->rows( 'problems' ) as $problem ) {
			if ( ! preg_match( self::HARMLESS, self::text( $problem, 'stage' ) ) ) {
				return false;
			}
		}
		return ! $this->rows( 'abstained' );
	}

	/**
	 * Tells whether the editor's word was stored, as far as there was one.
	 *
	 * @return bool
	 */
	public function is_stored() {
		return ! in_array( 'state', array_column( $this->rows( 'problems' ), 'stage' ), true );
	}

	/**
	 * Tells whether something went wrong.
	 *
	 * @return bool
	 */
	public function has_problems() {
		return (bool) $this->rows( 'problems' );
	}

	/**
	 * What an editor is told about an answer from which something is missing: one line, or ''.
	 *
	 * @return string
	 */
	public function notice() {
		$lines = array();
		foreach ( $this->rows( 'problems' ) as $problem ) {
			$lines[] = Newstagger_Client::line( self::text( $problem, 'plugin' ) . ': ' . self::text( $problem, 'message' ) );
		}
		$lines = array_values( array_unique( $lines ) );
		if ( ! $lines ) {
			return '';
		}
		$more = count( $lines ) - 1;
		/* translators: %s: what went wrong. */
		$line = sprintf( __( 'newstagger: tags may be missing: %s', 'newstagger' ), $lines[0] );
		/* translators: %d: a number of further problems. */
		return $more ? $line . ' ' . sprintf( _n( 'and %d more', 'and %d more', $more, 'newstagger' ), $more ) : $line;
	}

	/**
	 * The bundle that spoke.
	 *
	 * @return string
	 */
	public function bundle() {
		return isset( $this->data['bundle']['digest'] ) ? (string) $this->data['bundle']['digest'] : '';
	}

	/**
	 * The reuse report, cut to what the panel shows; null where there is nothing to warn of.
	 *
	 * @return array|null
	 */
	public function reuse() {
		$report = isset( $this->data['reuse'] ) && is_array( $this->data['reuse'] ) ? $this->data['reuse'] : array();
		if ( ! in_array( self::text( $report, 'verdict' ), array( 'wholly-derived', 'partially-derived' ), true ) ) {
			return null;
		}
		$matches = isset( $report['matches'] ) && is_array( $report['matches'] ) ? $report['matches'] : array();
		return array(
			'verdict' => self::text( $report, 'verdict' ),
			'share'   => isset( $report['share'] ) ? (float) $report['share'] : 0.0,
			'credit'  => isset( $report['credit'] ) && is_array( $report['credit'] ) ? self::text( $report['credit'], 'state' ) : '',
			'matches' => array_map( array( __CLASS__, 'match' ), array_slice( array_filter( $matches, 'is_array' ), 0, self::MOST_FOUND ) ),
		);
	}

	/**
	 * One match of a reuse report.
	 *
	 * @param array $match The match.
	 * @return array
	 */
	private static function match( array $match ) {
		$passages = array();
		foreach ( isset( $match['passages'] ) ? array_slice( (array) $match['passages'], 0, self::MOST_FOUND ) : array() as $passage ) {
			$words = is_array( $passage ) ? self::text( $passage, 'quote' ) : '';
			if ( '' !== $words ) {
				$passages[] = mb_substr( $words, 0, 400 );
			}
		}
		return array(
			'agency'   => self::text( $match, 'agency' ),
			'wire_id'  => self::text( $match, 'wire_id' ),
			'share'    => isset( $match['share'] ) ? (float) $match['share'] : 0.0,
			'credit'   => self::text( $match, 'credit' ),
			'passages' => $passages,
		);
	}

	/**
	 * A list of objects in the answer.
	 *
	 * @param string $name Its key.
	 * @return array[]
	 */
	private function rows( $name ) {
		return isset( $this->data[ $name ] ) && is_array( $this->data[ $name ] ) ? array_values( array_filter( $this->data[ $name ], 'is_array' ) ) : array();
	}

	/**
	 * A text in an object; '' for anything else.
	 *
	 * @param array  $row  The object.
	 * @param string $name Its key.
	 * @return string
	 */
	private static function text( array $row, $name ) {
		return isset( $row[ $name ] ) && is_string( $row[ $name ] ) ? $row[ $name ] : '';
	}
}
