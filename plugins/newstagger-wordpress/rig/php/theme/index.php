<?php
/**
 * An article with all terms that readers see, and nothing else.
 *
 * @package newstagger-rig
 */

?><!doctype html>
<meta charset="utf-8">
<?php wp_head(); ?>
<?php while ( have_posts() ) : ?>
	<?php the_post(); ?>
	<article><h1><?php the_title(); ?></h1><?php the_content(); ?></article>
	<?php foreach ( get_object_taxonomies( get_post_type(), 'objects' ) as $courier_taxonomy ) : ?>
		<?php if ( $courier_taxonomy->public ) : ?>
			<?php the_terms( get_the_ID(), $courier_taxonomy->name, '<ul data-taxonomy="' . esc_attr( $courier_taxonomy->name ) . '"><li>', '</li><li>', '</li></ul>' ); ?>
		<?php endif; ?>
	<?php endforeach; ?>
<?php endwhile; ?>
<?php wp_footer(); ?>
