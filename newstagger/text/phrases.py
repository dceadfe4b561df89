"""Words by which newsrooms of several languages mark what is not the story: agencies, credits, furniture of a page.

Lists only; what they mean is decided in ``datelines``, ``credits``, ``captions`` and ``furniture``, where shape comes first.
"""

from __future__ import annotations


def words_of(string: str) -> tuple[str, ...]:
    """Return the words of a list written as one string."""
    return tuple(string.split())


def phrases_of(string: str) -> tuple[str, ...]:
    """Return the phrases of a list written with bars between them."""
    return tuple(phrase.strip() for phrase in string.split("|"))


AGENCIES = phrases_of(
    "AAP | ABNA | ABr | AFP | AGI | Agencia Brasil | Agência Brasil | Agence France-Presse | Agencies | Agencias | Agências | "
    "Agenturen | Agenzia ANSA | Agence Belga | AKP | Anadolu | Anadolu Agency | ANI | ANP | ANSA | AP | APA | Associated Press | "
    "ATS | Belga | Bernama | Bloomberg | BTA | CNA | CNW | CP | The Canadian Press | La Presse Canadienne | CTK | ČTK | DAPD | "
    "dpa | dpa-AFX | EFE | epd | Europa Press | EP | GlobeNewswire | HINA | Interfax | IANS | IRNA | Jiji | KNA | Keystone-SDA | "
    "KUNA | Kyodo | Kyodo News | La Presse | LaPresse | Lusa | MTI | NTB | NNA | PA | PA Media | PAP | Petra | PNA | Press "
    "Association | PRNewswire | PR Newswire | PTI | Press Trust of India | Reuter | Reuters | RIA | RIA Novosti | Ritzau | SANA | SAPA | "
    "SDA | SID | SPA | STT | TASS | Télam | The Associated Press | Thomson Reuters | Tanjug | TT | UPI | United Press "
    "International | WAFA | WAM | Xinhua | Yonhap | Agence QMI | Adnkronos | Notimex | Prensa Latina | news agencies | wire "
    "services | wires"
)
"""Names that stand for a news agency in a dateline, a by-line or a sign-off; case counts for those of up to four letters."""

MONTHS = frozenset(
    # English, German, French, Spanish, Portuguese, Italian, Dutch; also cut to three or four letters
    words_of(
        "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept "
        "oct nov dec januar februar märz mai juni juli oktober dezember jänner mär okt dez janvier février mars avril juin juillet "
        "août septembre octobre novembre décembre janv févr avr juil déc enero febrero marzo abril mayo junio julio agosto septiembre "
        "octubre noviembre diciembre ene abr ago dic janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev "
        "out set gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug ott januari februari maart "
        "mei augustus mrt"
    )
)
WEEKDAYS = frozenset(
    words_of(
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag dienstag "
        "mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes "
        "miércoles jueves viernes sábado domingo segunda terça quarta quinta sexta feira lunedì martedì mercoledì giovedì venerdì "
        "sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
    )
)
CLOCK = frozenset(
    words_of(
        "am pm a.m p.m gmt utc bst edt est cdt cst mdt mst pdt pst cet cest et pt ct ist uhr h hrs heures horas ore uur at on um à às "
        "a alle om the le el il de den der updated update published posted last first modified created on am st nd rd th aktualisiert "
        "veröffentlicht stand publié mis à jour modifié actualizado publicado actualización atualizado aggiornato pubblicato "
        "bijgewerkt gepubliceerd ago hours hour minutes minute days day vor stunden minuten il y a hace"
    )
)
CLOCK_SURE = frozenset({"ago", "vor", "hace", "a.m", "p.m", "am", "pm", "uhr", "gmt", "utc", "updated", "published", "posted"})
SHARE = frozenset(
    words_of(
        "share tweet retweet email e-mail mail print comment comments facebook twitter x whatsapp linkedin pinterest reddit telegram "
        "instagram messenger flipboard tumblr threads bluesky mastodon xing pocket save bookmark link copy like follow more via on "
        "this article story post with your friends now teilen drucken merken kommentare kommentieren artikel partager "
        "síguenos en suivez-nous sur folgen sie uns auf seguici su siga-nos volg ons op imprimer "
        "envoyer enregistrer cet compartir imprimir enviar guardar compartilhar salvar condividi stampa salva delen afdrukken deel "
        "bewaren dit artikel"
    )
)
SHARE_SURE = frozenset(
    words_of(
        "share tweet facebook twitter whatsapp linkedin pinterest reddit telegram flipboard tumblr print teilen drucken partager "
        "imprimer compartir compartilhar condividi stampa delen"
    )
)
WHOLE_LINES = frozenset(
    phrases_of(
        "email | updated | published | posted | reply | save | now playing | back to gallery | sign me up | be the first to know | "
        "thank you for reading | loading | submit | view full gallery | order reprint | purchase: order reprint | join the conversation | "
        "comments are closed | comments closed | comments have been disabled | comments | leave a comment | leave a reply | post a "
        "comment | view comments | no comments | show full article | read full article | full article | show more | load more | see "
        "more | read more | continue reading | read the full story | read full story | click here | click here for more | learn more "
        "| view gallery | view more | more photos | view photos | see all | view all | skip to content | skip to main content | jump "
        "to original entry | jump to original | back to top | go back | next article | previous article | next story | previous story "
        "| story continues | story continues below | story continues below advertisement | article continues below | article "
        "continues after advertisement | continue reading below | advertisement | advertisements | advertising | sponsored | "
        "sponsored content | promoted content | ad | ads | paid content | latest | latest news | latest stories | breaking | breaking "
        "news | trending | trending now | most read | most popular | top stories | editor's picks | editors' picks | more from | more "
        "news | more stories | more on this story | more on this topic | related | related stories | related articles | related "
        "content | related topics | related news | related coverage | related video | related videos | recommended | recommended for "
        "you | you may also like | you might also like | don't miss | what to read next | read next | up next | watch live | live "
        "updates | tags | topics | filed under | sign in | log in | sign up | register | subscribe | subscribe now | newsletter | "
        "follow us | about the author | original entry | photo gallery | close | menu | search | play video | replay | image "
        "copyright | image caption | media playback is unsupported on your device | please enable javascript | enlarge this image | "
        "toggle caption | hide caption | kommentare | kommentar schreiben | die kommentarfunktion ist geschlossen | mehr anzeigen | "
        "mehr lesen | weiterlesen | mehr zum thema | anzeige | werbung | lesen sie auch | zum thema | meistgelesen | artikel merken | "
        "zur startseite | zum seitenanfang | empfohlener externer inhalt | externer inhalt | newsletter abonnieren | commentaires | "
        "les commentaires sont fermés | lire la suite | lire aussi | à lire aussi | sur le même sujet | publicité | voir plus | en "
        "savoir plus | article suivant | les plus lus | s'abonner | je m'abonne | réservé aux abonnés | retour en haut | newsletters "
        "| comentarios | comentarios cerrados | los comentarios están cerrados | leer más | seguir leyendo | ver más | lea también | "
        "te puede interesar | publicidad | lo más leído | más noticias | noticias relacionadas | más información | suscríbete | "
        "archivado en | comentários | os comentários estão fechados | leia mais | leia também | continue lendo | ver mais | veja "
        "também | publicidade | mais lidas | saiba mais | continua após a publicidade | commenti | i commenti sono chiusi | leggi "
        "anche | leggi tutto | continua a leggere | pubblicità | i più letti | vedi anche | approfondisci | articoli correlati | "
        "reacties | reacties zijn gesloten | lees meer | lees ook | lees verder | advertentie | meest gelezen | bekijk ook | "
        "gerelateerde artikelen"
    )
)
"""Whole paragraphs, case-folded and without punctuation at their ends, that are page furniture in any article."""

LABELS = frozenset(
    phrases_of(
        "related video | related videos | related story | related stories | related article | related articles | related | related "
        "coverage | related content | related links | read more | read also | also read | read next | see also | more on this | more "
        "| watch | watch now | watch live | watch more | listen | listen now | must read | don't miss | click here | recommended | "
        "more from | gallery | in pictures | lesen sie auch | lesen sie mehr | lesen sie dazu | mehr dazu | mehr zum thema | siehe "
        "auch | zum thema | auch interessant | weiterlesen | lire aussi | à lire aussi | lire également | à lire | voir aussi | en "
        "savoir plus | pour aller plus loin | lea también | lee también | leer más | ver también | vea también | más información | te "
        "puede interesar | le puede interesar | leia também | leia mais | veja também | saiba mais | veja mais | leggi anche | leggi "
        "di più | vedi anche | per approfondire | lees ook | lees meer | zie ook | bekijk ook | tags | topics | filed under | "
        "schlagworte | themen | mots-clés | etiquetas | temas | tag | argomenti"
    )
)
"""What stands before a colon and announces links, never the story."""

KICKERS = frozenset(
    words_of(
        "latest feature exclusive breaking news opinion analysis video watch live developing gallery photos interview editorial "
        "explainer newsletter podcast eilmeldung liveticker exklusiv direct exclusif vidéo directo exclusiva último"
    )
)

CAPTION_LABELS = frozenset(
    phrases_of(
        "photo | photos | credit | file photo | file | file image | picture | pictured | image | images | "
        "caption | photograph | above | left "
        "| right | video | graphic | map | infographic | foto | fotos | archivfoto | archivbild | symbolbild | symbolfoto | bild | "
        "grafik | bildquelle | photo credit | image credit | picture credit | photo courtesy | image source | image copyright | image "
        "caption | photo by | photos by | image by | picture by | foto by | crédit photo | crédits photo | crédit | photo d'archives "
        "| légende | photographie | foto de archivo | imagen de archivo | imagen | fotografía | crédito | foto de | crédito da foto | "
        "legenda | imagem | divulgação | reprodução | foto d'archivio | immagine | didascalia | archieffoto | beeld | fotograaf | afp "
        "photo | ap photo | reuters photo | photo afp"
    )
)
"""What stands before a colon, a dash or a name and announces a picture."""

PICTURE_WORDS = frozenset(
    words_of(
        "photo photos foto fotos photograph picture image images bild beeld imagen imagem immagine getty archivbild archivfoto pool "
        "handout courtesy shutterstock istock alamy wikimedia wikipedia flickr corbis magnum screenshot screengrab imago "
        "picture-alliance"
    )
)
