"""The reasons that we suggest to moderators, one sentence each, until a newsroom writes its own.

Whoever reads one of them had the courage to write: each says what was wrong with the words and never with
the person, and where it can, what would help. Must not read anything.
"""

from __future__ import annotations

from collections.abc import Mapping

SUGGESTED_REASONS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Your comment insults somebody. Please say it again without the insult: we would like to publish "
        "your point.",
        "Your comment could give away who or where somebody is. Please leave that out, for their safety or "
        "your own.",
        "Your comment calls for violence, and we publish nothing that does.",
        "We cannot check what your comment says about somebody, and it could harm them.",
        "Your comment is about something other than this story.",
        "Your comment advertises something.",
        "You have sent us these words before, and we have them: once is enough.",
    ),
    "ar": (
        "في تعليقك إهانة لشخص ما. نرجو أن تكتبه مرة أخرى بلا إهانة، فنحن نودّ أن ننشر رأيك.",
        "قد يكشف تعليقك هوية شخص أو مكانه. نرجو أن تحذف ذلك حفاظًا على سلامته أو سلامتك.",
        "في تعليقك دعوة إلى العنف، ونحن لا ننشر أي دعوة إليه.",
        "لا نستطيع أن نتحقق مما يقوله تعليقك عن شخص ما، وقد يلحق به أذى.",
        "تعليقك عن أمر آخر غير موضوع هذا الخبر.",
        "في تعليقك إعلان عن شيء ما.",
        "وصلتنا هذه الكلمات منك من قبل وهي محفوظة لدينا، فمرة واحدة تكفي.",
    ),
    "fa": (
        "در دیدگاه شما به کسی توهین شده است. لطفاً آن را بدون توهین دوباره بنویسید؛ دوست داریم نظرتان را "
        "منتشر کنیم.",
        "دیدگاه شما ممکن است هویت یا جای کسی را فاش کند. لطفاً برای امنیت او یا خودتان آن بخش را حذف کنید.",
        "دیدگاه شما به خشونت فرا می‌خواند و ما چنین چیزی را منتشر نمی‌کنیم.",
        "نمی‌توانیم آنچه را دیدگاه شما دربارهٔ کسی می‌گوید بررسی کنیم، و ممکن است به او آسیب برساند.",
        "دیدگاه شما دربارهٔ موضوعی جز این خبر است.",
        "در دیدگاه شما چیزی تبلیغ می‌شود.",
        "این نوشته پیش‌تر به دست ما رسیده است و آن را داریم؛ یک بار کافی است.",
    ),
}  # fmt: skip


def suggested_for(language: str) -> tuple[str, ...]:
    """Our sentences in a language; the English ones where we have none in it."""
    return SUGGESTED_REASONS.get(language.split("-")[0], SUGGESTED_REASONS["en"])
