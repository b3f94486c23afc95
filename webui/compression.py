"""Pages go out compressed: a result page is a sixth of its size then."""

from flask import Flask, Response, request
from flask_compress import Compress


def set_up(app: Flask) -> None:
    """Compress answers as the last thing done with them: to be called before whatever else adds to them."""
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_STREAMS=False)
    compress = Compress(app)

    @app.after_request
    def compressed(response: Response) -> Response:
        """Not for who is logged in: beside a secret, compressed length tells of what is typed (BREACH)."""
        if app.config["SESSION_COOKIE_NAME"] in request.cookies:
            return response
        if request.endpoint == "static":
            response.direct_passthrough = False
            response.make_sequence()  # compressed as a stream, the library would leave the file open
        return compress.after_request(response)
