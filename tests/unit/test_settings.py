from pathlib import Path

import pytest

from newstagger.errors import ConfigError
from newstagger.settings import PrivacySettings, Settings, WireSettings, read_settings


def write(tmp_path, text):
    path = tmp_path / "newstagger.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_becomes_settings_and_options_win(tmp_path):
    path = write(tmp_path, 'bundle = "mine"\nbudget_ms = 50\nblock = ["a"]\n[policy]\ndeny = ["iso:SY"]\n[plugins.x]\nany = 1\n')
    settings = read_settings(path, bundle=None, home=tmp_path)
    assert (settings.bundle, settings.budget_ms, settings.block, settings.policy.deny) == ("mine", 50, ("a",), ("iso:SY",))
    assert settings.plugins == {"x": {"any": 1}}
    assert settings.state_file == tmp_path / "newsroom.sqlite3"
    assert read_settings(path, bundle="other").bundle == "other"


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "h"))
    assert read_settings(None) == Settings(home=tmp_path / "h")
    write(tmp_path, 'site = "gazette"')
    assert read_settings(None).site == "gazette"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("budgt_ms = 1", "did you mean budget_ms"),
        ("[policy]\nmax_tag = 1", "did you mean policy.max_tags"),
        ("zzz = 1", "known keys"),
        ('budget_ms = "fast"', "budget_ms must be a whole number"),
        ("budget_ms = true", "budget_ms must be a whole number"),
        ("budget_ms = -1", "budget_ms must be"),
        ("block = [1]", "block must be a text"),
        ("wire = 3", "wire must be a table"),
        ("[plugins]\nx = 1", "plugins.x must be a table"),
        ("[privacy]\nkeep_days = 1000000000", "privacy.keep_days must be a whole number from 1 to 36500"),
        ("[privacy]\nkeep_days = 0", "privacy.keep_days must be"),
        ("[wire]\nwindow_days = 36501", "wire.window_days must be a whole number from 1 to 36500"),
        ("a = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_one_clear_line(tmp_path, text, said):
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=said) as error:
        read_settings(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_settings_that_a_program_makes_are_bounded_too():
    for make in (lambda: PrivacySettings(keep_days=10**9), lambda: WireSettings(window_days=0), lambda: WireSettings(max_age=-1)):
        with pytest.raises(ConfigError, match="must be a whole number"):
            make()


def test_a_missing_file_that_was_named_is_told():
    with pytest.raises(ConfigError, match="No such file"):
        read_settings(Path("not-there.toml"))


def test_the_service_and_its_sites_are_read(tmp_path):
    text = """[service]
port = 9000
wait_ms = 150
[service.sites.courier]
keys = ["env:COURIER_KEY", "of-old"]
secrets = ["whsec_AAAA"]
callback = "https://cms.example/tags"
faces = ["annif"]
[service.sites.courier.policy]
mode = "suggest"
[service.sites.courier.policy.facets]
topic = "auto"
"""
    service = read_settings(write(tmp_path, text)).service
    site = service.sites["courier"]
    assert (service.host, service.port, service.wait_ms) == ("127.0.0.1", 9000, 150)
    assert (site.keys, site.callback, site.faces) == (("env:COURIER_KEY", "of-old"), "https://cms.example/tags", ("annif",))
    assert site.policy.mode_of("medtop:1", "topic") == "auto"
    assert site.policy.mode_of("iso:SY", "region") == "suggest"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[service]\nhost = "0.0.0.0"', "service.host '0.0.0.0' can be reached from elsewhere, and no site has a key"),
        ("[service]\nprt = 1", "did you mean service.port"),
        ("[service]\nport = 65536", "service.port must be a whole number from 0 to 65535"),
        ('[service]\nport = "x"', "service.port must be a whole number from 0 to 65535"),
        ("[service]\nport = -1", "service.port must be a whole number from 0 to 65535"),
        ("[service]\nworkers = 0", "service.workers must be a whole number from 1 to 64"),
        ("[service]\nwait_ms = 10001", "service.wait_ms must be a whole number from 0 to 10000"),
        ("[service]\nsites = 3", "service.sites must be a table"),
        ("[service.sites.a]", "service.sites.a has neither keys nor secrets"),
        ('[service.sites.a]\nkey = ["x"]', "did you mean service.sites.a.keys"),
        ('[service.sites.a]\nkeys = [""]', "service.sites.a: a key or secret is empty"),
        ('[service.sites.a]\nkeys = ["env: "]', "service.sites.a: a key or secret is empty"),
        ('[service.sites.a]\nkeys = ["x"]\nfaces = ["x"]', "service.sites.a: faces cannot hold 'x'"),
        ('[service.sites.a]\nkeys = ["x"]\ncallback = "ftp://x"', "service.sites.a: callback is no address"),
        ('[service.sites.a]\nkeys = ["x"]\ncallback = "https://x"', "service.sites.a: callback is told without secrets"),
        ('[service.sites.a.policy]\nmode = "x"', "service.sites.a.policy.mode cannot be 'x'"),
        ('[service.sites." "]\nkeys = ["x"]', "a site of the service has no name"),
    ],
)
def test_what_is_wrong_with_the_service_is_one_clear_line(tmp_path, text, said):
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=said) as error:
        read_settings(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)
