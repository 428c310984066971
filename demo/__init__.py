"""The wholly synthetic demo round: its cast and the files made from it. Run `python -m demo.build`."""
