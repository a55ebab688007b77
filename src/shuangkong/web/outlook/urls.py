"""Addresses of the outlook."""

from __future__ import annotations

from django.urls import path, register_converter

from shuangkong.web.outlook.views import (
    barometer,
    calibration,
    forecast,
    headroom,
    history,
    issue,
    notice,
    response,
    weather,
    weather_measures,
    weather_paper,
)


class SignedConverter:
    """A number of a target, or below zero that of a share that no plan prints (records.targets.in_force)."""

    regex = "-?[0-9]+"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(SignedConverter, "signed")
app_name = "outlook"
urlpatterns = [
    path("", barometer.barometer, name="barometer"),
    path("issues/prepare/", issue.prepare, name="prepare"),
    path("issues/<int:issue_id>/", issue.issue, name="issue"),
    path("issues/<int:issue_id>/act/", issue.act_on, name="act"),
    path("issues/<int:issue_id>/docx/", issue.issue_file, {"form": "docx"}, name="issue_docx"),
    path("issues/<int:issue_id>/xlsx/", issue.issue_file, {"form": "xlsx"}, name="issue_xlsx"),
    path("issues/<int:issue_id>/notice/<signed:target_id>/", notice.notice, name="notice"),
    path("responses/", response.responses, name="responses"),
    path("responses/start/<int:issue_id>/<signed:target_id>/", response.start, name="start"),
    path("responses/<int:response_id>/", response.one, name="response"),
    path("responses/<int:response_id>/act/", response.act_on, name="respond"),
    path("weather/", weather.weather, name="weather"),
    path("weather/start/", weather.start, name="weather_start"),
    path("weather/emissions/", weather.emission_form, name="weather_emission_form"),
    path("weather/measures/", weather_measures.measures, name="weather_measures"),
    path("weather/measures/load/", weather_measures.load, name="weather_load"),
    path("weather/measures/template/", weather_measures.template, name="weather_template"),
    path("weather/<int:alert_id>/", weather.one, name="alert"),
    path("weather/<int:alert_id>/order/", weather.order, name="weather_order"),
    path("weather/<int:alert_id>/emissions/", weather.tell, name="weather_tell"),
    path("weather/<int:alert_id>/orders/<int:order_id>/docx/", weather_paper.paper, name="weather_paper"),
    path("forecast/", forecast.forecasts, name="forecast"),
    path("forecast/calibration/", calibration.calibrated, name="calibration"),
    path("headroom/", headroom.headroom, name="headroom"),
    path("headroom/commit/", headroom.commit, name="commit"),
    path("headroom/<int:commitment_id>/end/", headroom.end, name="end"),
    path("history/", history.published, name="history"),
]
