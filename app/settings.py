"""The settings, and the only reader of the environment.

Variables begin with MLSD_; OPENAI_BASE_URL and OPENAI_API_KEY are honoured where ours are missing. A
`.env` file in the working directory is read too; the environment wins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SettingsError


class Settings(BaseSettings):
    """Everything that can be set from outside.

    Attributes:
        home: where data is kept (MLSD_HOME).
        content: a folder with more cases (MLSD_CONTENT).
        model: the interviewer's model, a litellm name; None for the built-in interviewer.
        api_base: the endpoint's address, usually ending in /v1.
        grader_model: the grader's model; None for the built-in rating alone.
        grader_votes: how often the grader is asked for each step; the median counts.
        grader_seconds: how long it may take for a whole interview.
        grader_slot: the slot of a llama.cpp server that is the grader's own.
        embedding_model: an embedding model of the endpoint, instead of the bundled one.
        database: a SQLAlchemy async URL instead of the SQLite file.
        origins: the page's public addresses, behind a reverse proxy, separated by commas; naming one demands login.
        proxies: addresses or networks of the reverse proxies whose word on a visitor's address counts.
        ollama_port: where Ollama is looked for on this machine while no model is named; 0 for nowhere.
        lm_studio_port: the same for LM Studio.
        llama_cpp_port: the same for llama.cpp's server.
    """

    model_config = SettingsConfigDict(
        env_prefix="MLSD_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True, env_ignore_empty=True
    )

    home: Path = Field(default_factory=lambda: user_data_path("mlsd", appauthor=False))
    content: Path | None = None
    model: str | None = None
    api_base: str | None = Field(
        default=None, validation_alias=AliasChoices("MLSD_API_BASE", "OPENAI_BASE_URL", "api_base")
    )
    api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("MLSD_API_KEY", "OPENAI_API_KEY", "api_key")
    )
    grader_model: str | None = None
    grader_votes: int = Field(default=1, ge=1, le=9)
    grader_seconds: float = Field(default=180.0, gt=0, le=3600)
    grader_slot: int | None = Field(default=None, ge=0)
    embedding_model: str | None = None
    database: str | None = None
    origins: str = ""
    proxies: str = "127.0.0.1,::1"
    ollama_port: int = Field(default=11434, ge=0, le=65535)
    lm_studio_port: int = Field(default=1234, ge=0, le=65535)
    llama_cpp_port: int = Field(default=8080, ge=0, le=65535)

    @field_validator("origins")
    @classmethod
    def _addresses(cls, origins: str) -> str:
        """As browsers write them: no path, no slash at the end."""
        for origin in _listed(origins):
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}".lower():
                raise ValueError(
                    "must be addresses such as https://mlsd.example.org, in small letters and without a path"
                )
        return origins

    @property
    def public_origins(self) -> tuple[str, ...]:
        """The page's public addresses."""
        return _listed(self.origins)

    @property
    def trusted_proxies(self) -> tuple[str, ...]:
        """The reverse proxies whose word on a visitor's address counts."""
        return _listed(self.proxies)

    @field_validator("home", "content")
    @classmethod
    def _from_tilde(cls, path: Path | None) -> Path | None:
        """`~` as the shell means it, since nothing expands it in a .env file."""
        return path.expanduser() if path is not None else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def load_settings(**changes: Any) -> Settings:
    """The settings from environment and .env, with changes from the command line.

    Raises:
        SettingsError: a variable holds something that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in changes.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "MLSD_" + str(first["loc"][0]).upper().removeprefix("MLSD_")
        raise SettingsError(f"{name} is {first.get('input')!r}: {first['msg'].lower()}; mend it") from error
    except UnicodeDecodeError as error:
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8 or remove it") from error
    except OSError as error:
        raise SettingsError(f".env cannot be read ({error.strerror}); mend its rights or remove it") from error
    except RuntimeError as error:  # whose home `~` is, is not known
        raise SettingsError(f"a folder cannot be found ({error}); write it without '~'") from error


def writable_home(settings: Settings) -> Path:
    """The data folder, made if it is missing.

    Raises:
        SettingsError: it cannot be made or written.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        probe = settings.home / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"the data folder {str(settings.home)!r} cannot be written ({error.strerror}); set MLSD_HOME to another"
        ) from error
    return settings.home
