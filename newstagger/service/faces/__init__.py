"""Faces: other services' HTTP interfaces, so that clients which exist speak to newstagger unmodified. Off unless a site has them on.

A face asks for tags without a save (nothing is remembered), and puts what its client brings to learn into the review queue.
"""
