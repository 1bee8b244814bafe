"""Words that every letter and page is full of: what consists of them alone says nothing about where it came from.

Rule 1: a word is here because it is common, never because it is harmless: names, places and products are not.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
    a about above across action actions active actually add added address after again against agree agreed all allow allowed almost
    alone along already also although always am among amount an and another answer any anyone anything anyway apply appreciate
    approach appropriate approval approve approved are area around arrange as ask asked asking assist at attach attached attachment
    attend available away back based basic be became because been before began begin behind being believe below best better between
    beyond body both bring business busy but button by call called calls came can cannot care case cause cc certain certainly change
    changed changes chat check checked choose city clear clearly click close closed code come comes coming comment comments common
    company complete completed concern concerns confirm confirmed consider contact contain contains content contents continue copy
    correct cost could country couple course create created current currently customer daily data date dated day days dear decide
    decided deliver delivered delivery department description detail details did different direct directly directory discuss
    discussed do document documents does doing done don't dollars down draft due during each early easy either else email emails
    employee employees empty end english enjoy enough ensure enter entire entry error especially etc euro euros even event events
    ever every everyone everything exactly example except excited expect expected expense explain express extra fact false family
    far feel feedback few field file files final finally find fine finish first fix folder folders follow followed following follows
    for forward forwarded found free friday friend friends from full further future general get getting give given gives go goes
    going good got great greetings group groups guys had half hand happen happened happy hard has have having he head hear heard
    hello help helpful her here hereby hi high him his hold home hope hoping hour hours how however human i id idea ideas if
    immediately important improve in include included includes including indeed info inform information inbox inside instead
    instruction instructions interest interested internal into invite invited invoice is issue issues it item items its itself january
    february march april may june july august september october november december job join just keep key kind kindly know known
    large last late later latest least leave left less let letter level like likely limit line link links list listed little local
    location long longer look looked looking lot low made mail main make makes making manage manager many matter maximum maybe me
    mean means meet meeting meetings member members message messages method might mind minimum minute minutes miss monday money month
    monthly months more morning most much must my myself name named names near necessary need needed needs never new news next night
    no none normal not note noted notes nothing notice now null number numbers object of off offer office often ok okay old on once
    one ones online only open opened option options or order orders other others otherwise our out outside over overall own page
    pages paid part parts party password past path pay payment payments people per perhaps period permission person personal phone
    place plan planned plans please plus point points policy position possible post present prevent previous previously price
    primary private probably problem problems process product program progress project provide provided public purpose put quality
    question questions quick quickly quite rate rather re reach read reading ready real really reason receive received recent
    recently recipient recipients record records regard regarding regards related release remain remember remind reminder remove
    reply report reports request requested requests require required requires reservation reserve response rest result results return
    review right role room rule rules run said same saturday save say says schedule scheduled second section see seem seems seen
    select send sender sending sends sent sentence separate service services session set settings several shall share shared she
    short should show shown side sign simple simply since sincerely single site small so some someone something sometimes soon
    sorry sort source special specific start started state status step steps still stop story subject submit such suggest summary
    sunday support sure system table take taken takes taking talk task tasks team teams tell terms test text than thank thanks that
    the their them themselves then there therefore these they thing things think this those though thought three through thursday
    thus time times title to today together told tomorrow tonight too took top topic total toward transaction transactions transfer
    travel true try trying tuesday turn two type unable under understand unfortunately unless until up update updated updates upon
    us usd use used useful user users uses using usually value values various version very via view visit wait waiting want wanted
    wants was way ways we web website wednesday week weekend weekly weeks welcome well went were what whatever when whenever where
    whether which while who whole whom whose why will wish with within without won't word words work worked working works would write
    writing written wrong year years yes yesterday yet you your yours yourself yes
    der die das und ist nicht mit von den dem ein eine einen bitte danke hallo sehr geehrte mit freundlichen sie wir ich
    le la les des une est pas pour vous nous dans avec merci bonjour cordialement el los las una por para con gracias hola
    """
EVERYDAY: Final = frozenset(_WORDS.split())
