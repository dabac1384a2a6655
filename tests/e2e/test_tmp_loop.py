import time
from tests.e2e.conftest import *
def test_x(interview, own):
    t=time.time(); sent=[]
    def ws(w):
        sent.append((round(time.time()-t,2),"open"))
        w.on("framesent", lambda f: sent.append((round(time.time()-t,2),">",str(f)[:110])))
        w.on("framereceived", lambda f: sent.append((round(time.time()-t,2),"<",str(f)[:110])))
        w.on("close", lambda f: sent.append((round(time.time()-t,2),"closed")))
    interview.page.on("websocket", ws)
    interview.begin(); interview.say("How many people use the app?"); interview.reload()
    for i in range(3):
        own.kill(); own.start(); sent.append((round(time.time()-t,2),"started")); k=len(sent)
        interview.page.wait_for_selector("#session-error", state="detached", timeout=30_000)
        interview.page.wait_for_selector("#command-hint:enabled", timeout=30_000)
        t0=time.time()
        try:
            r=interview.say("How tight is the latency budget?"); print(i,"ok",round(time.time()-t0,1),r[:60], interview.texts()[-2][:40])
        except Exception as e:
            print("FAIL", i); interview.page.screenshot(path="/tmp/failx.png")
            for s in sent[k-3:]: print(s)
            print(interview.texts()); print((own.home/"chainlit/page.log").read_text()[-2000:] if (own.home/"chainlit/page.log").exists() else "nolog")
            break
