"""A scripted model that answers every question in five words."""

from scripted_replies import Reply, in_turn

reply = in_turn(Reply("one two three four five"))
