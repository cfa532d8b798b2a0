import tempfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request


class LifecycleScoreController(http.Controller):
    # what is asked for stands in a wizard of the user's own: an address that another
    # site could make up leads nowhere
    @http.route(
        "/lifecycle/scores/<int:wizard_id>", type="http", auth="user", methods=["GET"]
    )
    def download(self, wizard_id):
        """The scores that a wizard asked for, as a file.

        It is on disk before the first byte goes out: nothing of it is held in memory,
        and nobody takes half a file for a whole one.
        """
        wizard = request.env["lifecycle.score.wizard"].browse(wizard_id)
        wizard.check_access("read")  # the model is the managers', the wizard its user's
        if not wizard.exists():
            raise request.not_found()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the response
        try:
            wizard._write_csv(file)
            size = file.tell()
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return http.Response(
            wrap_file(request.httprequest.environ, file),
            direct_passthrough=True,
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(wizard._get_file_name())),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
