"""Words around a country's name that tell whether its government acts or a place is meant, and words of reporting. All lower case.

Heads name an arm of a state ("Syrian *troops*"); they are looked up within a few words after the country. Only English, German,
Spanish and French are covered; elsewhere the weights of the other features decide.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(text.split())


HEADS: dict[str, str] = {
    **dict.fromkeys(
        word_set(
            "government govt regime administration authorities officials official ministry parliament cabinet"
            " embassy consulate leadership leaders leader president premier minister ministers chancellor"
            " diplomats diplomat diplomacy envoy envoys ambassador ambassadors spokesman spokeswoman delegation"
            " delegations lawmakers legislators junta secretary negotiators negotiator intelligence legislature"
            " senate congress prosecutors prosecutor king queen prince monarch dictator strongman state sanctions"
            " veto kremlin treasury regierung präsident präsidentin kanzler kanzlerin ministerium außenministerium"
            " verteidigungsministerium behörden botschaft außenminister außenministerin ministerpräsident gobierno"
            " presidente presidenta autoridades ministerio ministro canciller gouvernement président présidente"
            " autorités ministère ministre pouvoir régimen régime"
        ),
        "government",
    ),
    **dict.fromkeys(
        word_set(
            "army forces force troops troop soldiers soldier military warplanes warplane jets navy artillery"
            " raids raid airstrikes airstrike strikes strike shelling bombing bombings bombardment bombers bomber"
            " tanks tank missiles missile drones drone marines commandos gunboats warships warship helicopters"
            " helicopter generals general commander commanders paratroopers offensive invasion incursion snipers"
            " peacekeepers fleet submarine submarines conscripts airmen sailors aircraft gunners infantry"
            " servicemen warfare assault armor armour militarymen armee streitkräfte truppen soldaten militär"
            " luftwaffe marine luftangriffe ejército tropas soldados fuerzas militares aviación armée troupes"
            " soldats forces frappes"
        ),
        "military",
    ),
    **dict.fromkeys(word_set("police policemen gendarmes gendarmerie policeman polizei polizisten policía policías gendarmería"), "police"),
}
"""Nouns that name an arm of a state, with the kind of actor."""

ACTS = word_set(
    "proposal plan plans rule mediation statement decision demand demands request support aid position policy"
    " backing involvement intervention role proposals side sides offer offers claim claims threat threats response"
    " reaction opposition efforts effort pressure promise promises court courts judge tribunal central invasion"
    " aggression occupation annexation ultimatum veto vote mandate vorschlag plan propuesta"
)
"""Nouns for what states do: "a Turkish proposal"."""

TITLE_HEADS = word_set(
    "president premier minister chancellor king queen prince secretary ambassador envoy leader general spokesman"
    " spokeswoman prosecutor monarch dictator strongman präsident präsidentin kanzler kanzlerin presidente"
    " presidenta ministro canciller président présidente ministre außenminister außenministerin ministerpräsident"
    " commander diplomat official"
)
"""Heads that name a person of the state rather than the state itself."""

VERBS = word_set(
    "says said say saying announced announces announce rejected rejects reject denied denies deny accused accuses"
    " accuse warned warns warn called calls urged urges urge agreed agrees agree refused refuses refuse vowed vows"
    " vow threatened threatens threaten launched launches launch invaded invades invade attacked attacks attack"
    " bombed bombs bomb fired fires fire condemned condemns condemn backed backs back supported supports support"
    " opposed opposes oppose signed signs sign sent sends send deployed deploys deploy withdrew withdraws withdraw"
    " imposed imposes impose lifted lifts lift banned bans ban expelled expels expel recalled recalls recall"
    " summoned summons summon offered offers offer pledged pledges pledge promised promises promise asked asks ask"
    " demanded demands demand wants want wanted plans planned plan seeks seek sought insists insisted insist"
    " claims claimed claim admits admitted admit confirmed confirms confirm declared declares declare decided"
    " decides decide approved approves approve accepted accepts accept released releases release arrested arrests"
    " arrest executed executes execute tested tests test orders ordered order blamed blames blame hopes hoped hope"
    " fears feared fear believes believed considers considered voted votes vote ratified ratifies joins joined"
    " join suspended suspends suspend severed severs cut cuts closed closes close opened opens open pressed"
    " presses press pushed pushes push tells told tell responded responds respond retaliated retaliates hit hits"
    " struck strikes raised raises raise halted halts halt resumed resumes resume begins began begin started"
    " starts start continues continued continue expects expected expressed expresses proposed proposes propose"
    " provided provides provide helped helps help pulled pulls pull captured captures capture seized seizes seize"
    " retook shelled shells shot shoots downed downs annexed annexes occupied occupies occupy faces faced face"
    " needs needed need bowed bows drops dropped drop extended extends extend freed frees free gave gives give"
    " hailed hails hail held holds hold invited invites invite issued issues issue kept keeps keep made makes make"
    " met meets meet moved moves move ordered pays paid pay prepares prepared prepare protested protests protest"
    " received receives receive reiterated repeated sees saw sets shut shuts stops stopped stop stepped steps"
    " takes took take tightened tightens tries tried try unveiled unveils used uses use welcomed welcomes welcome"
    " won wins win lost loses lose beat beats defeated defeats leads led lead buys bought buy sells sold sell"
    " exports exported imports imported allowed allows allow blocked blocks block criticized criticizes criticised"
    " criticises sagt sagte erklärte erklärt kündigte fordert forderte lehnt lehnte warnt warnte will droht drohte"
    " greift griff beschuldigt wirft warf meldete setzt verurteilt verurteilte stimmt kritisiert plant verhängt"
    " dice dijo anunció anuncia rechaza rechazó acusa acusó pide pidió exige exigió advierte advirtió amenaza"
    " amenazó condena condenó quiere ataca atacó lanza lanzó niega negó annonce annoncé rejette accuse demande"
    " appelle menace condamne veut affirme dit refuse dénonce lance"
)
"""What states do and say: after a country's name they mean its government."""

AUXILIARIES = word_set(
    "has have had will would is was were are could may might must should can cannot did does hat haben wird wurde ist war kann"
    " muss soll ha han había habrá va es fue será está a avait sera est était peut doit"
)

ADVERBS = word_set(
    "also now again later still has have not never repeatedly already recently only just immediately quickly firmly strongly flatly"
    " formally officially publicly reportedly on then yesterday today earlier meanwhile however"
)
"""Words that may stand between a country's name and its verb."""

PLACE_BEFORE = word_set(
    "in inside across near around throughout within outside at into northern southern eastern western central"
    " north south east west northeast northwest southeast southwest northeastern northwestern southeastern"
    " southwestern rural downtown mainland neighboring neighbouring visited visiting visit off upper lower"
    " war-torn occupied im nach aus nahe nördlich südlich östlich westlich en desde hacia dans chez vers depuis"
    " nord sud norte sur"
)
"""Before a country's name they make it a place. "in" stands in many languages."""

MOVE_BEFORE = frozenset(
    [
        "to",
        "from",
        "of",
        "via",
        "through",
        "toward",
        "towards",
        "leaving",
        "left",
        "reached",
        "entered",
        "fled",
        "de",
        "del",
        "von",
        "du",
        "des",
        "zu",
    ]
)
PARTY_BEFORE = word_set(
    "by with against between for on and or over by like that than as while but when if since because both mit gegen durch"
    " zwischen con contra por entre avec contre par"
)

TARGET_BEFORE = word_set(
    "accuse accused accuses accusing urge urged urges urging blame blamed blames blaming warn warned warns warning told tell tells"
    " telling ask asked asks asking press pressed pressing pressure pressured sanction sanctions sanctioned condemn condemned condemns"
    " condemning force forced forcing allow allowing back backed backing support supporting oppose opposed opposing attack attacked"
    " attacking criticized criticised criticizing criticising defended defends thanked invited praised joined beat defeated fought"
    " fighting supplied armed arming"
)
"""Verbs whose object, when it is a country, is its state."""

SPEECH = word_set(
    "said says told tells added adds stated announced warned insisted claimed confirmed reported reports reporting according quoted"
    " sagte erklärte berichtete meldete laut zufolge dijo afirmó declaró informó según déclaré annoncé selon rapporte indiqué"
)
"""Words of reporting: beside a person they mark a quotation, beside a medium a citation."""

FUNCTION_WORDS = word_set(
    "but and when if while as for after before with on in at to said mr mrs ms dr then now both like since"
    " because although though however meanwhile later earlier from by that so yet or nor until unless where what"
    " why how who der die das und aber als wenn el la los y pero le les et mais"
)
"""Words that may stand, capitalised, before a family name at the start of a sentence."""

TITLES = word_set(
    "president prime minister premier chancellor secretary senator sen representative rep congressman"
    " congresswoman king queen prince princess sheikh sheik sayyed imam mullah ayatollah general gen colonel col"
    " major captain lieutenant lt admiral marshal commander ambassador governor gov mayor dr doctor mr mrs ms miss"
    " sir lord lady dame pope cardinal bishop archbishop emir sultan justice judge chief director chairman"
    " spokesman spokeswoman professor prof herr frau señor don doña monsieur madame präsident kanzler kanzlerin"
    " minister"
)
"""Titles that may stand, capitalised, before a family name."""

ORGANISATION_HEADS = word_set(
    "observatory council commission committee agency front league alliance coalition federation foundation"
    " institute authority organisation organization ministry tribunal assembly congress corporation fund"
)
"""Head nouns that, with "the" and a capital, can stand for an organisation named in full before."""
