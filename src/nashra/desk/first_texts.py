"""What a new publication says of itself and of comments until its newsroom writes its own words.

Rich text as the desk stores it, true of every newsroom that runs this software: nothing may stand here
that the readers' part does not keep. Must not touch a database.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

_FALLBACK = "en"

_POLICY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "A person of our newsroom reads each comment before it appears. No machine rejects one.",
        "We publish what is about the story, whether or not it agrees with us. We do not publish threats, "
        "hatred, advertising, or anything that could put somebody in danger.",
        "We store the name or pseudonym that you give, your text, the day, and what we decided. We ask for "
        "no e-mail address, and we store neither your network address nor which browser you use.",
        "A name can give you away, and so can the way you write. Choose a name that nobody connects with "
        "you, and leave out what only you could know.",
    ),
    "ar": (
        "يقرأ شخص من هيئة التحرير كل تعليق قبل نشره، ولا ترفض أي آلة تعليقًا.",
        "ننشر ما يتصل بالخبر، وافقَنا أم خالفَنا. ولا ننشر التهديد ولا خطاب الكراهية ولا الإعلانات "
        "ولا ما قد يعرّض أحدًا للخطر.",
        "نحفظ الاسم أو الاسم المستعار الذي تكتبه، ونص تعليقك، واليوم، وقرارنا بشأنه. لا نطلب بريدًا "
        "إلكترونيًا، ولا نحفظ عنوانك على الشبكة ولا نوع متصفحك.",
        "قد يكشف الاسم هويتك، وكذلك أسلوبك في الكتابة. اختر اسمًا لا يربطه أحد بك، ولا تذكر ما لا يعرفه سواك.",
    ),
    "fa": (
        "یکی از اعضای تحریریهٔ ما هر دیدگاه را پیش از انتشار می‌خواند و هیچ ماشینی دیدگاهی را رد نمی‌کند.",
        "آنچه را به خبر مربوط است منتشر می‌کنیم، چه با ما موافق باشد چه مخالف. تهدید، نفرت‌پراکنی، تبلیغات "
        "و هر چیزی را که بتواند کسی را به خطر بیندازد منتشر نمی‌کنیم.",
        "نام یا نام مستعاری که می‌نویسید، متن شما، روز و تصمیم ما را نگه می‌داریم. نشانی ایمیل نمی‌خواهیم "
        "و نشانی شبکه و نوع مرورگر شما را نگه نمی‌داریم.",
        "نام می‌تواند هویت شما را فاش کند و شیوهٔ نوشتنتان هم. نامی برگزینید که کسی آن را به شما ربط ندهد "
        "و آنچه را تنها شما می‌دانید ننویسید.",
    ),
}
_ABOUT: Mapping[str, str] = {
    "en": "{name} publishes news on this site. Its pages carry no advertising and do not track readers.",
    "ar": "تنشر {name} الأخبار على هذا الموقع. لا إعلانات في صفحاته ولا تتبّع لقرائه.",
    "fa": "{name} در این وب‌گاه خبر منتشر می‌کند. صفحه‌های آن تبلیغ ندارند و خوانندگان را ردیابی نمی‌کنند.",
}


def first_comment_policy(language: str) -> str:
    """Which comments are published and what is stored of them; in English where we have no words yet."""
    return "".join(f"<p>{sentence}</p>" for sentence in _POLICY.get(language, _POLICY[_FALLBACK]))


def first_about(language: str, name: str) -> str:
    """A sentence or two about the publication called ``name``, which may hold any character."""
    sentences = _ABOUT.get(language, _ABOUT[_FALLBACK])
    return f"<p>{sentences.format(name=html.escape(name))}</p>"
