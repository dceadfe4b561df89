/**
 * The panel in the block editor: tags by facet, suggestions to accept or reject, why, the reuse warning, the lock.
 *
 * Whatever comes from the service is a stranger's word: it is handed to React as text and never as markup.
 */
( function ( wp, config ) {
	'use strict';

	var el = wp.element.createElement;
	var __ = wp.i18n.__;
	var sprintf = wp.i18n.sprintf;
	var select = wp.data.select;
	var dispatch = wp.data.dispatch;
	var Button = wp.components.Button;
	var Notice = wp.components.Notice;
	var DocumentPanel = ( wp.editor && wp.editor.PluginDocumentSettingPanel ) || wp.editPost.PluginDocumentSettingPanel;
	var PAUSE = 5000;
	var MOST_LOOKS = 60;
	var FACETS = {
		topic: __( 'Topics', 'newstagger' ),
		region: __( 'Regions', 'newstagger' ),
		actor: __( 'Actors', 'newstagger' ),
	};

	/* ---- what this form held and showed: only that can be a decision of the person before it ---- */

	var held = {}; // Term ids by taxonomy, as they were before this person touched them.
	var shown = {}; // Concepts that were on offer since the last save.

	function bases() {
		return config.taxonomies.map( function ( taxonomy ) {
			return taxonomy.rest_base;
		} );
	}

	function watch() {
		var editor = select( 'core/editor' );
		if ( ! editor.getCurrentPostId() ) {
			return;
		}
		var edits = editor.getPostEdits() || {};
		bases().forEach( function ( base ) {
			if ( ! ( base in edits ) ) {
				held[ base ] = editor.getEditedPostAttribute( base ) || [];
			}
		} );
	}

	function form() {
		return {
			held: bases().reduce( function ( ids, base ) {
				return ids.concat( held[ base ] || [] );
			}, [] ),
			shown: Object.keys( shown ),
		};
	}

	function saves( options ) {
		var path = String( options.path || '' ).split( '?' )[ 0 ];
		var id = select( 'core/editor' ).getCurrentPostId();
		return !! id && path === config.path + '/' + id && [ 'PUT', 'POST', 'PATCH' ].indexOf( options.method ) >= 0;
	}

	function told( response ) {
		if ( response && response.newstagger ) {
			shown = {};
			bases().forEach( function ( base ) {
				held[ base ] = response[ base ] || held[ base ];
			} );
		}
		return response;
	}

	wp.data.subscribe( watch );
	wp.apiFetch.use( function ( options, next ) {
		if ( ! saves( options ) ) {
			return next( options );
		}
		var data = Object.assign( {}, options.data, { newstagger_form: form() } );
		return next( Object.assign( {}, options, { data: data } ) ).then( told );
	} );

	/* ---- the plugin's routes ---- */

	function call( id, what, data ) {
		var options = { path: '/newstagger/v1/posts/' + id + what };
		if ( data ) {
			options.method = 'POST';
			options.data = data;
		}
		return wp.apiFetch( options );
	}

	function said( error ) {
		return ( error && error.message ) || __( 'newstagger: this did not work; try again', 'newstagger' );
	}

	/* ---- parts of the panel ---- */

	function percent( share ) {
		return Math.round( 100 * share ) + ' %';
	}

	function Reasons( props ) {
		if ( props.why.error ) {
			return el( 'p', { className: 'newstagger-reasons' }, props.why.error );
		}
		if ( ! props.why.tags ) {
			return el( 'p', { className: 'newstagger-reasons-coming', 'aria-busy': true }, '…' );
		}
		var found = props.why.tags.filter( function ( tag ) {
			return tag.concept === props.concept;
		} )[ 0 ];
		var evidence = found ? found.evidence : [];
		if ( ! evidence.length ) {
			return el( 'p', { className: 'newstagger-reasons' }, __( 'No word of the text speaks for this tag by itself.', 'newstagger' ) );
		}
		return el(
			'ul',
			{ className: 'newstagger-reasons' },
			evidence.map( function ( reason, place ) {
				return el(
					'li',
					{ key: place },
					el( 'q', null, el( 'bdi', null, reason.quote || reason.term ) ),
					' ',
					el( 'span', { className: 'newstagger-weight' }, ( reason.contribution < 0 ? '' : '+' ) + reason.contribution )
				);
			} )
		);
	}

	function Row( props ) {
		var tag = props.tag;
		var score = typeof tag.score === 'number' ? el( 'span', { className: 'newstagger-score' }, percent( tag.score ) ) : null;
		var machine = tag.origin === 'machine' ? el( 'span', { className: 'newstagger-origin' }, __( 'put on by newstagger', 'newstagger' ) ) : null;
		return el(
			'li',
			{ className: props.className, 'data-concept': tag.concept },
			el( 'span', { className: 'newstagger-label' }, el( 'bdi', null, tag.label ) ),
			score,
			machine,
			el( 'span', { className: 'newstagger-buttons' }, props.buttons ),
			props.why ? el( Reasons, { why: props.why, concept: tag.concept } ) : null
		);
	}

	function button( name, text, label, onClick, more ) {
		var properties = { className: 'newstagger-' + name, size: 'small', variant: 'tertiary', 'aria-label': label, onClick: onClick };
		return el( Button, Object.assign( { key: name }, properties, more ), text );
	}

	function Reuse( props ) {
		var report = props.report;
		if ( ! report ) {
			return null;
		}
		var uncredited = report.matches.some( function ( match ) {
			return match.credit === 'uncredited' || match.credit === 'conflicting';
		} );
		return el(
			Notice,
			{ status: uncredited ? 'error' : 'warning', isDismissible: false, className: 'newstagger-reuse' },
			el(
				'p',
				null,
				/* translators: %s: a share in percent. */
				sprintf( __( '%s of the words stand in wire copy.', 'newstagger' ), percent( report.share ) )
			),
			report.matches.map( function ( match, place ) {
				return el(
					'details',
					{ key: place },
					el( 'summary', null, el( 'bdi', null, match.agency || match.wire_id ), ' ', percent( match.share ), ' ', credit( match.credit ) ),
					match.passages.map( function ( words, index ) {
						return el( 'blockquote', { key: index }, el( 'bdi', null, words ) );
					} )
				);
			} )
		);
	}

	function credit( state ) {
		var words = {
			credited: __( '(credited)', 'newstagger' ),
			uncredited: __( '(not credited)', 'newstagger' ),
			conflicting: __( '(another agency is credited)', 'newstagger' ),
		};
		return words[ state ] || '';
	}

	/* ---- the panel ---- */

	function useForm() {
		return wp.data.useSelect( function ( choose ) {
			var editor = choose( 'core/editor' );
			var terms = {};
			bases().forEach( function ( base ) {
				terms[ base ] = editor.getEditedPostAttribute( base );
			} );
			return {
				id: editor.getCurrentPostId(),
				type: editor.getCurrentPostType(),
				stored: editor.getCurrentPostAttribute( 'newstagger' ),
				lock: !! editor.getEditedPostAttribute( 'newstagger_lock' ),
				saving: editor.isSavingPost() && ! editor.isAutosavingPost(),
				autosaving: editor.isAutosavingPost(),
				terms: JSON.stringify( terms ),
			};
		}, [] );
	}

	function Panel() {
		var now = useForm();
		var terms = JSON.parse( now.terms );
		var useState = wp.element.useState;
		var useEffect = wp.element.useEffect;
		var fresher = useState( null ); // What a look after the last save found.
		var accepted = useState( {} ); // Suggestions that were put into the form, by term.
		var rejected = useState( {} );
		var why = useState( {} );
		var open = useState( {} );
		var error = useState( '' );
		var looks = useState( 0 );
		var panel = fresher[ 0 ] || now.stored || { status: 'none', notice: '', tags: [], suggestions: [], reuse: null };

		useEffect(
			function () {
				fresher[ 1 ]( null );
				why[ 1 ]( {} );
				open[ 1 ]( {} );
				rejected[ 1 ]( {} );
				looks[ 1 ]( 0 );
				error[ 1 ]( '' );
			},
			[ now.stored ]
		);
		var wasAutosaving = wp.element.useRef( false );
		useEffect(
			function () {
				if ( wasAutosaving.current && ! now.autosaving ) {
					look();
				}
				wasAutosaving.current = now.autosaving;
			},
			[ now.autosaving ]
		);
		useEffect(
			function () {
				if ( panel.status !== 'pending' || now.saving || looks[ 0 ] >= MOST_LOOKS ) {
					return undefined;
				}
				var timer = setTimeout( function () {
					looks[ 1 ]( looks[ 0 ] + 1 );
					look();
				}, PAUSE );
				return function () {
					clearTimeout( timer );
				};
			},
			[ panel.status, now.saving, looks[ 0 ] ]
		);

		function look() {
			call( now.id, '' ).then( found, function () {} );
		}

		function found( answer ) {
			var moved = answer.revision !== panel.revision || answer.tags.length !== panel.tags.length;
			if ( moved && ! select( 'core/editor' ).isEditedPostDirty() ) {
				// Nobody is typing: let the form's own fields know the terms that were put on meanwhile.
				dispatch( 'core' ).invalidateResolution( 'getEntityRecord', [ 'postType', now.type, now.id ] );
				wp.data.resolveSelect( 'core' ).getEntityRecord( 'postType', now.type, now.id );
			}
			fresher[ 1 ]( answer );
		}

		function put( base, ids ) {
			var change = {};
			change[ base ] = ids;
			dispatch( 'core/editor' ).editPost( change );
		}

		function accept( tag ) {
			error[ 1 ]( '' );
			call( now.id, '/accept', { concept: tag.concept } ).then( function ( answer ) {
				var ids = select( 'core/editor' ).getEditedPostAttribute( answer.rest_base ) || [];
				var more = {};
				more[ answer.term ] = Object.assign( {}, tag, { term: answer.term, taxonomy: answer.taxonomy, origin: 'human' } );
				accepted[ 1 ]( Object.assign( {}, accepted[ 0 ], more ) );
				if ( ids.indexOf( answer.term ) < 0 ) {
					put( answer.rest_base, ids.concat( [ answer.term ] ) );
				}
			}, fail );
		}

		function reject( tag ) {
			error[ 1 ]( '' );
			call( now.id, '/decisions', { concept: tag.concept, action: 'rejected' } ).then( function () {
				var more = {};
				more[ tag.concept ] = true;
				rejected[ 1 ]( Object.assign( {}, rejected[ 0 ], more ) );
			}, fail );
		}

		function fail( problem ) {
			error[ 1 ]( said( problem ) );
		}

		function remove( tag ) {
			var base = baseOf( tag );
			put(
				base,
				( terms[ base ] || [] ).filter( function ( id ) {
					return id !== tag.term;
				} )
			);
		}

		function explain( tag ) {
			var turned = {};
			turned[ tag.concept ] = ! open[ 0 ][ tag.concept ];
			open[ 1 ]( Object.assign( {}, open[ 0 ], turned ) );
			if ( ! why[ 0 ].tags ) {
				call( now.id, '/why' ).then( why[ 1 ], function ( problem ) {
					why[ 1 ]( { error: said( problem ) } );
				} );
			}
		}

		function baseOf( tag ) {
			var known = config.taxonomies.filter( function ( taxonomy ) {
				return taxonomy.taxonomy === tag.taxonomy;
			} )[ 0 ];
			return known ? known.rest_base : tag.taxonomy;
		}

		function isIn( tag ) {
			return ( terms[ baseOf( tag ) ] || [] ).indexOf( tag.term ) >= 0;
		}

		function whyButton( tag ) {
			/* translators: %s: the name of a tag. */
			var label = sprintf( __( 'Why %s?', 'newstagger' ), tag.label );
			return button( 'why', __( 'Why', 'newstagger' ), label, explain.bind( null, tag ), { 'aria-expanded': !! open[ 0 ][ tag.concept ] } );
		}

		function tagRow( tag ) {
			/* translators: %s: the name of a tag. */
			var label = sprintf( __( 'Take %s off', 'newstagger' ), tag.label );
			var off = isIn( tag ) ? button( 'remove', __( 'Remove', 'newstagger' ), label, remove.bind( null, tag ), { isDestructive: true } ) : null;
			var reasons = open[ 0 ][ tag.concept ] ? why[ 0 ] : null;
			return el( Row, { key: tag.concept, tag: tag, className: 'newstagger-tag', buttons: [ whyButton( tag ), off ], why: reasons } );
		}

		function offerRow( tag ) {
			/* translators: %s: the name of a tag. */
			var yes = sprintf( __( 'Accept %s', 'newstagger' ), tag.label );
			/* translators: %s: the name of a tag. */
			var no = sprintf( __( 'Reject %s', 'newstagger' ), tag.label );
			var buttons = [
				button( 'accept', __( 'Accept', 'newstagger' ), yes, accept.bind( null, tag ), { variant: 'secondary' } ),
				button( 'reject', __( 'Reject', 'newstagger' ), no, reject.bind( null, tag ) ),
				whyButton( tag ),
			];
			return el( Row, { key: tag.concept, tag: tag, className: 'newstagger-suggestion', buttons: buttons, why: open[ 0 ][ tag.concept ] ? why[ 0 ] : null } );
		}

		var known = {};
		panel.tags.forEach( function ( tag ) {
			known[ tag.term ] = true;
		} );
		var storedTerms = JSON.stringify( ( now.stored && now.stored.tags ) || [] );
		var tags = panel.tags
			.filter( function ( tag ) {
				// What was put on after this form was opened stands on the post though not in the form.
				return isIn( tag ) || ( fresher[ 0 ] && storedTerms.indexOf( '"term":' + tag.term + ',' ) < 0 );
			} )
			.concat(
				Object.keys( accepted[ 0 ] )
					.map( function ( term ) {
						return accepted[ 0 ][ term ];
					} )
					.filter( function ( tag ) {
						return ! known[ tag.term ] && isIn( tag );
					} )
			);
		var onPost = {};
		tags.forEach( function ( tag ) {
			onPost[ tag.concept ] = true;
		} );
		var offers = panel.suggestions.filter( function ( tag ) {
			return ! rejected[ 0 ][ tag.concept ] && ! onPost[ tag.concept ];
		} );
		offers.forEach( function ( tag ) {
			shown[ tag.concept ] = true;
		} );

		function group( facet ) {
			function ofFacet( tag ) {
				return tag.facet === facet;
			}
			var mine = tags.filter( ofFacet );
			var offered = offers.filter( ofFacet );
			if ( ! mine.length && ! offered.length ) {
				return null;
			}
			return el(
				'section',
				{ key: facet, className: 'newstagger-facet' },
				el( 'h3', null, FACETS[ facet ] || facet ),
				mine.length ? el( 'ul', { className: 'newstagger-tags' }, mine.map( tagRow ) ) : null,
				offered.length ? el( 'p', { className: 'newstagger-offer' }, __( 'Suggested', 'newstagger' ) ) : null,
				offered.length ? el( 'ul', { className: 'newstagger-suggestions' }, offered.map( offerRow ) ) : null
			);
		}

		function askAgain() {
			error[ 1 ]( '' );
			call( now.id, '/tag', {} ).then( found, fail );
		}

		var line = error[ 0 ] || panel.notice;
		var empty = ! tags.length && ! offers.length && ! line;
		return el(
			DocumentPanel,
			{ name: 'newstagger', title: __( 'Topics, regions, actors', 'newstagger' ), className: 'newstagger-panel' },
			line
				? el(
						Notice,
						{ status: 'warning', isDismissible: false, className: 'newstagger-notice' },
						el( 'span', { className: 'newstagger-line' }, line ),
						panel.status === 'pending' || panel.status === 'problem' ? button( 'again', __( 'Ask again', 'newstagger' ), undefined, askAgain, { variant: 'link' } ) : null
				  )
				: null,
			el( Reuse, { report: panel.reuse } ),
			[ 'topic', 'region', 'actor' ].map( group ),
			empty ? el( 'p', { className: 'newstagger-empty' }, config.configured ? __( 'Save the post, and its tags are found.', 'newstagger' ) : __( 'newstagger has no address of a tagging service yet; see its settings.', 'newstagger' ) ) : null,
			el( wp.components.CheckboxControl, {
				className: 'newstagger-lock',
				__nextHasNoMarginBottom: true,
				label: __( 'Leave these tags alone', 'newstagger' ),
				help: __( 'newstagger still suggests, and changes nothing on this post.', 'newstagger' ),
				checked: now.lock,
				onChange: function ( value ) {
					dispatch( 'core/editor' ).editPost( { newstagger_lock: value } );
				},
			} )
		);
	}

	wp.plugins.registerPlugin( 'newstagger', { render: Panel, icon: 'tag' } );
} )( window.wp, window.newstaggerEditor );
