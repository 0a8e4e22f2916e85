"""What the tokens of an issuer must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Literal, Mapping, Optional, Sequence, Tuple, Union

from ostiary import _core
from ostiary._errors import usage


if TYPE_CHECKING:
    _Profile = Literal["generic", "access_token", "id_token", "logout_token", "transaction_token"]
    _AudienceClaim = Literal["aud", "client_id", "azp", "header_client"]
    _Use = Literal["access", "login"]

# In the order of their numbers in ostiary.h.
_PROFILES = ("generic", "access_token", "id_token", "logout_token", "transaction_token")
_AUDIENCE_CLAIMS = ("aud", "client_id", "azp", "header_client")
_USES = ("access", "login")


class IssuerSettings:
    """What the tokens of one issuer must satisfy. Immutable.

    `IssuerSettings.okta(...)` and the others are ready settings for the issuers teams meet most;
    `docs/tokens.md` says where each departs from the standards.
    """

    __slots__ = ("_handle",)

    def __init__(
        self,
        issuer: str,
        audience: Union[str, Sequence[str]],
        algorithms: Sequence[str],
        *,
        clock_skew_s: int = 0,
        profile: _Profile = "generic",
        audience_claim: _AudienceClaim = "aud",
        max_age_s: int = 0,
        required_claims: Optional[Mapping[str, str]] = None,
        required_header: Optional[Mapping[str, str]] = None,
        padded: bool = False,
    ) -> None:
        """A token must come from `issuer`, be meant for (one of) `audience` and be signed with one of `algorithms`.

        `profile` is the kind of token; `audience_claim` where it says for whom it is meant; `max_age_s` how long ago it may
        have been issued (0: no bound). The required claims and header members must be text of exactly these values. `padded`
        takes the base64 that AWS Application Load Balancer writes. Raises UsageError.
        """
        kinds = (
            _number(_PROFILES, profile, "profile"),
            _number(_AUDIENCE_CLAIMS, audience_claim, "audience_claim"),
            1 if padded else 0,
        )
        self._handle = _core.Settings(
            issuer,
            _listed(audience),
            _names(algorithms),
            clock_skew_s,
            max_age_s,
            _pairs(required_claims),
            _pairs(required_header),
            kinds,
        )

    @classmethod
    def okta(cls, domain: str, audience: str, *, server: str = "default", use: _Use = "access") -> IssuerSettings:
        """A custom authorization server of Okta: domain "acme.okta.com"; the audience of a login is its client id."""
        return cls._vendor("okta", [domain, server, audience], use)

    @classmethod
    def auth0(cls, domain: str, audience: str, *, use: _Use = "access") -> IssuerSettings:
        """Auth0. The issuer ends in a slash."""
        return cls._vendor("auth0", [domain, audience], use)

    @classmethod
    def entra(cls, tenant: str, audience: str, *, version: int = 2, use: _Use = "access") -> IssuerSettings:
        """One tenant, a GUID, of Microsoft Entra ID. The version is that of the token, 1 or 2; logins are of version 2."""
        return cls._vendor("entra", [tenant, audience], use, version)

    @classmethod
    def cognito(cls, region: str, user_pool: str, client_id: str, *, use: _Use = "access") -> IssuerSettings:
        """A user pool of Amazon Cognito. Access tokens have no aud: `client_id` takes its place."""
        return cls._vendor("cognito", [region, user_pool, client_id], use)

    @classmethod
    def google(cls, client_id: str, *, hosted_domain: str = "") -> IssuerSettings:
        """Google logins. Without a hosted domain every Google account passes."""
        return cls._vendor("google", [client_id, hosted_domain], "login")

    @classmethod
    def github_actions(cls, audience: str, repository: str) -> IssuerSettings:
        """GitHub Actions of one repository, "owner/name"."""
        return cls._vendor("github_actions", [audience, repository], "access")

    @classmethod
    def keycloak(cls, base: str, realm: str, audience: str, *, use: _Use = "access") -> IssuerSettings:
        """Keycloak at `base`, such as "https://login.example"."""
        return cls._vendor("keycloak", [base, realm, audience], use)

    @classmethod
    def alb(cls, issuer: str, client_id: str, load_balancer_arn: str) -> IssuerSettings:
        """AWS Application Load Balancer, field x-amzn-oidc-data. `issuer` is the identity provider behind it."""
        return cls._vendor("alb", [issuer, client_id, load_balancer_arn], "access")

    @classmethod
    def _vendor(cls, name: str, parts: List[str], use: str, version: int = 2) -> IssuerSettings:
        return cls._of(_core.Settings.vendor(name, parts, _number(_USES, use, "use"), version))

    @classmethod
    def _of(cls, handle: _core.Settings) -> IssuerSettings:
        made = cls.__new__(cls)
        made._handle = handle
        return made

    def changed(
        self,
        *,
        audience: Union[str, Sequence[str]] = (),
        algorithms: Sequence[str] = (),
        clock_skew_s: int = 0,
        max_age_s: int = 0,
        required_claims: Optional[Mapping[str, str]] = None,
        required_header: Optional[Mapping[str, str]] = None,
    ) -> IssuerSettings:
        """These settings with other bounds. What is left out stays as it is; required members are added."""
        return self._of(
            self._handle.changed(
                _listed(audience),
                _names(algorithms),
                clock_skew_s,
                max_age_s,
                _pairs(required_claims),
                _pairs(required_header),
            )
        )

    @property
    def issuers(self) -> Tuple[str, ...]:
        """The values of iss that these settings are for: one, for Google two."""
        return self._handle.issuers

    def __repr__(self) -> str:
        return f"<IssuerSettings for {', '.join(self.issuers)}>"


def _number(names: Tuple[str, ...], name: Any, what: str) -> int:
    if name not in names:
        raise usage(f"{what}: expected one of {', '.join(names)}")
    return names.index(name)


def _listed(texts: Union[str, Sequence[str]]) -> List[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _names(algorithms: Sequence[str]) -> List[str]:
    if isinstance(algorithms, (str, bytes)):
        raise TypeError("algorithms must be a list, not a single name")
    return list(algorithms)


def _pairs(members: Optional[Mapping[str, str]]) -> List[Tuple[str, str]]:
    return [] if members is None else list(members.items())
