/**
 * The settings page: its buttons.
 */
( function ( wp ) {
	'use strict';

	var __ = wp.i18n.__;
	var sprintf = wp.i18n.sprintf;

	function byId( id ) {
		return document.getElementById( 'newstagger-' + id );
	}

	function call( what, data ) {
		var options = { path: '/newstagger/v1/' + what };
		if ( data ) {
			options.method = 'POST';
			options.data = data;
		}
		return wp.apiFetch( options );
	}

	function press( name, line, work ) {
		var button = byId( name );
		button.addEventListener( 'click', function () {
			button.disabled = true;
			byId( line ).textContent = '…';
			work().then(
				function ( text ) {
					byId( line ).textContent = text;
					button.disabled = false;
				},
				function ( error ) {
					byId( line ).textContent = ( error && error.message ) || __( 'This did not work.', 'newstagger' );
					button.disabled = false;
				}
			);
		} );
	}

	function show( progress ) {
		var done = progress.asked + progress.skipped + progress.failed;
		var bar = byId( 'progress' );
		bar.hidden = ! progress.running;
		bar.max = Math.max( 1, progress.total );
		bar.value = done;
		/* translators: 1: posts looked at, 2: all posts, 3: posts that were tagged, 4: posts that failed. */
		var line = sprintf( __( '%1$d of %2$d: %3$d tagged, %4$d failed', 'newstagger' ), done, progress.total, progress.asked, progress.failed );
		return progress.error ? line + ' – ' + progress.error : line;
	}

	function go( progress ) {
		var line = show( progress );
		if ( ! progress.running || progress.error ) {
			return line;
		}
		byId( 'done' ).textContent = line;
		return new Promise( function ( resolve ) {
			setTimeout( resolve, 500 );
		} )
			.then( function () {
				return call( 'backfill', {} );
			} )
			.then( go );
	}

	press( 'test', 'tested', function () {
		return call( 'test', {} ).then( function ( found ) {
			return found.message;
		} );
	} );
	press( 'retry', 'retried', function () {
		return call( 'retry', {} ).then( function ( said ) {
			/* translators: 1: posts that were tagged, 2: posts that still wait. */
			return sprintf( __( '%1$d tagged, %2$d wait', 'newstagger' ), said.heard, said.waiting ) + ( said.error ? ' – ' + said.error : '' );
		} );
	} );
	press( 'backfill', 'done', function () {
		return call( 'backfill', { start: true } ).then( go );
	} );
	press( 'stop', 'done', function () {
		return call( 'backfill', { stop: true } ).then( show );
	} );
	call( 'backfill' ).then( function ( progress ) {
		if ( progress.running || progress.total ) {
			byId( 'done' ).textContent = show( progress );
		}
	} );
} )( window.wp );
