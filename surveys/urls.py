"""Addresses of the surveys app."""

from django.urls import path, re_path

from surveys.views import (
    answer,
    answers,
    audience,
    departments,
    feedback,
    mentions,
    preview,
    public,
    results,
    rules,
    setup,
    states,
    suggestions,
    surveys,
    theme,
    theme_link,
    theme_tell,
    themes,
    wording,
)

urlpatterns = [
    # With and without the last stroke: no link in a mail may be sent elsewhere.
    re_path(r"^s/(?P<token>[^/]+)/?$", public.answer, name="survey_answer"),
    re_path(
        r"^s/more/(?P<token>[^/]+)/?$",
        public.answer,
        {"trap": True},
        name="survey_answer_trap",
    ),
    re_path(
        r"^s/(?P<score>[^/]+)/(?P<token>[^/]+)/?$",
        public.answer_score,
        name="survey_answer_score",
    ),
    # A token that was mangled gets the same page as every other wrong one.
    re_path(r"^s/(?P<token>[\s\S]*)", public.answer, name="survey_answer_mangled"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.survey_new, name="survey_new"),
    path("surveys/rules/", rules.rules, name="survey_rules"),
    path("surveys/<int:pk>/wording/", wording.wording, name="survey_wording"),
    path(
        "surveys/<int:pk>/preview/mail.html",
        preview.preview_mail,
        name="survey_preview_mail",
    ),
    path(
        "surveys/<int:pk>/preview/page.html",
        preview.preview_page,
        name="survey_preview_page",
    ),
    path("surveys/<int:pk>/test/", preview.test, name="survey_test"),
    path("surveys/<int:pk>/setup/", setup.setup, name="survey_setup"),
    path("surveys/<int:pk>/audience/", audience.audience, name="survey_audience"),
    path("surveys/<int:pk>/start/", states.start, name="survey_start"),
    path("surveys/<int:pk>/pause/", states.pause, name="survey_pause"),
    path("surveys/<int:pk>/resume/", states.resume, name="survey_resume"),
    path("surveys/<int:pk>/close/", states.close, name="survey_close"),
    path("surveys/<int:pk>/copy/", states.copy, name="survey_copy"),
    path("surveys/<int:pk>/delete/", states.delete, name="survey_delete"),
    path("surveys/<int:pk>/", results.survey, name="survey"),
    path("surveys/<int:pk>/answers/", results.survey_answers, name="survey_answers"),
    path("surveys/<int:pk>/export.csv", results.survey_export, name="survey_export"),
    path("surveys/answers/", answers.answers, name="answers"),
    path("surveys/answers/<int:pk>/", answer.answer, name="answer"),
    path("surveys/answers/<int:pk>/reply/", answer.answer_reply, name="answer_reply"),
    path(
        "surveys/answers/<int:pk>/resolve/",
        answer.answer_resolve,
        name="answer_resolve",
    ),
    path(
        "surveys/answers/<int:pk>/reopen/", answer.answer_reopen, name="answer_reopen"
    ),
    path(
        "surveys/answers/<int:pk>/decide/<slug:word>/",
        answer.answer_decide,
        name="answer_decide",
    ),
    path("surveys/feedback/", feedback.feedback, name="feedback"),
    path("surveys/feedback/new/", feedback.feedback_new, name="feedback_new"),
    path(
        "surveys/feedback/restore/", feedback.feedback_return, name="feedback_restore"
    ),
    path(
        "surveys/feedback/<int:pk>/", feedback.feedback_change, name="feedback_change"
    ),
    path(
        "surveys/feedback/<int:pk>/delete/",
        feedback.feedback_remove,
        name="feedback_delete",
    ),
    path("d/<str:token>", theme_link.theme_link, name="theme_link"),
    path("surveys/themes/", themes.themes, name="themes"),
    path("surveys/themes/new/", themes.theme_new, name="theme_new"),
    path(
        "surveys/themes/suggestions/",
        suggestions.suggestions,
        name="theme_suggestions",
    ),
    path(
        "surveys/themes/suggestions/start/",
        suggestions.start,
        name="suggestions_start",
    ),
    path(
        "surveys/themes/suggestions/<int:pk>/accept/",
        suggestions.accept,
        name="suggestion_accept",
    ),
    path(
        "surveys/themes/suggestions/<int:pk>/join/",
        suggestions.join,
        name="suggestion_join",
    ),
    path(
        "surveys/themes/suggestions/<int:pk>/dismiss/",
        suggestions.dismiss,
        name="suggestion_dismiss",
    ),
    path(
        "surveys/themes/suggestions/<int:pk>/restore/",
        suggestions.restore,
        name="suggestion_restore",
    ),
    path("surveys/themes/mentions/add/", mentions.add, name="mention_add"),
    path(
        "surveys/themes/mentions/<int:pk>/remove/",
        mentions.remove,
        name="mention_remove",
    ),
    path(
        "surveys/themes/mentions/<int:pk>/restore/",
        mentions.restore,
        name="mention_restore",
    ),
    path("surveys/themes/<int:pk>/", theme.theme, name="theme"),
    path("surveys/themes/<int:pk>/edit/", theme.theme_edit, name="theme_edit"),
    path("surveys/themes/<int:pk>/state/", theme.theme_set_state, name="theme_state"),
    path(
        "surveys/themes/<int:pk>/department/",
        theme.theme_set_department,
        name="theme_department",
    ),
    path("surveys/themes/<int:pk>/note/", theme.theme_add_note, name="theme_note"),
    path(
        "surveys/themes/<int:pk>/comments/",
        mentions.theme_comments,
        name="theme_comments",
    ),
    path(
        "surveys/themes/<int:pk>/tell/", theme_tell.theme_tell_page, name="theme_tell"
    ),
    path("surveys/departments/", departments.departments, name="departments"),
    path("surveys/departments/new/", departments.create, name="department_create"),
    path("surveys/departments/<int:pk>/", departments.department, name="department"),
    path(
        "surveys/departments/<int:pk>/delete/",
        departments.delete,
        name="department_delete",
    ),
    path("surveys/departments/<int:pk>/members/", departments.add, name="member_add"),
    path("surveys/departments/members/<int:pk>/", departments.member, name="member"),
    path(
        "surveys/departments/members/<int:pk>/delete/",
        departments.remove,
        name="member_delete",
    ),
]
