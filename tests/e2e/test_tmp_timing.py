import time
from tests.e2e.conftest import *
def test_x(interview, own):
    t=time.time()
    def p(s):
        nonlocal t
        print(f"{time.time()-t:.1f} {s}"); t=time.time()
    interview.begin(); p("begin")
    interview.say("How many people use the app?"); p("say")
    interview.say("I would optimise revenue per session, with a guardrail on hides."); p("say")
    texts=interview.texts(); p("texts")
    interview.reload(); p("reload")
    assert interview.texts()==texts; p("texts")
    own.kill(); p("kill"); own.start(); p("start"); interview.reload(); p("reload")
    assert interview.texts()==texts; p("texts")
    interview.say("And how tight is latency?"); p("say")
