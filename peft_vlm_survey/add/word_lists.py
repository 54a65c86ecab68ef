"""The word lists by which exported entries are cleaned."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Fields that are left out without a note: nothing that the book could use, or read into another field.
LEFT_OUT = _words("""
    abstract abstractnote address annote archiveprefix articleno bibsource biburl booktitle copyright crossref
    date day doi editor ee eprint eprintclass eprinttype file howpublished isbn issn issue_date journal
    journaltitle keywords langid language location month number numpages organization pages pdf primaryclass
    publisher series timestamp url urldate venue volume
""")
# Names that only a capital at their head tells from a word.
PROPER_NAMES = _words("""
    Arabic Bayesian Bernoulli Bures Cauchy Chinese Clifford Dirichlet English Euclidean Fisher Fourier Frobenius
    Gaussian German Givens Grassmann Hadamard Hebbian Hessian Hilbert Householder Jacobian Japanese Kronecker
    Krylov Lagrangian Laplace Lipschitz Lyapunov Mamba Markov Microsoft Monarch Nash Nystrom Nyström Riemannian
    Shapley Stiefel Taylor Wasserstein Winograd
""")
# Words of a title that tell nothing of the paper.
EMPTY_WORDS = _words("""
    a all an and are as at be beyond by can do does for from how in into is it its more not of on one or our the
    their to toward towards using via we what when where which why with without you your
""")
# Words of a venue's name that some print and others leave out.
OPTIONAL_WORDS = _words("""
    a acm and annual cvf eighteenth eighth eleventh fifteenth fifth fiftieth fifty first for fortieth forty
    fourteenth fourth ieee in nineteenth ninth of on proc proceedings second seventeenth seventh sixteenth sixth
    sixtieth sixty tenth the third thirteenth thirtieth thirty twelfth twentieth twenty
""")
# Words that stand in the titles of this field so often that they tell little.
WORDS_OF_THE_FIELD = _words("""
    adaptation adapter adapters adapting adaptive approach deep efficient empirical enhancing exploring
    finetuning framework improving language large learning method methods model models multimodal new novel
    parameter parameterefficient parameters pretrained prompt prompting prompts rethinking simple study
    transformer transformers tuning vision visionlanguage visual
""")
