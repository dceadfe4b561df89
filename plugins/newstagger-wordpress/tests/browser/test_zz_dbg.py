import sys

sys.path.insert(0, "/work/main/plugins/newstagger-wordpress/tests/browser")
from test_panel import *


def test_dbg(house, screen):
    editor = screen(0)
    editor.type_title("Harvest in the valley")
    editor.put_body(ways.blocks("It began in Norway."))
    editor.type_end(" Dockers: dockers called a strike over the harvest.")
    editor.save()
    import time

    time.sleep(6)
    house.window.save_screenshot("/tmp/wpp/dbg.png")
    ex = house.window.execute_script
    print(ex("return JSON.stringify(wp.data.select('core/editor').getCurrentPost())")[:3000])
    print(house.service.asked, editor.console())
    print(editor.post)
    assert 0
