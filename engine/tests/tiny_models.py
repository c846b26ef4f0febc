"""Tiny random models in Hugging Face layout, made from configurations at run time: nothing is downloaded.

Run as a program, `python tiny_models.py KIND FOLDER` writes one (for the TypeScript tests).
"""

import sys
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

WORDS = [
    "a photo of an apple",
    "a picture of a red car and a dog",
    "the answer is B",
    "question: what is this?",
]
CHAT = (
    "{% for m in messages %}[{{ m.role }}]{% if m.content is string %}{{ m.content }}{% else %}"
    "{% for p in m.content %}{% if p.type == 'image' %}<image>{% else %}{{ p.text }}{% endif %}{% endfor %}"
    "{% endif %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}"
)


def tokenizer(marks: tuple[str, str], length: int, extra: tuple[str, ...] = (), end: bool = False):
    """A byte-level BPE with begin and end marks (ids 0 and 1); `end` sets the end mark behind each text."""
    begin, finish = marks
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=[begin, finish, *extra],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(WORDS, trainer)
    single = f"{begin} $A {finish}" if end else f"{begin} $A"
    bpe.post_processor = processors.TemplateProcessing(single=single, special_tokens=[(begin, 0), (finish, 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token=begin, eos_token=finish, pad_token=finish, model_max_length=length
    )


def initialised(model: torch.nn.Module) -> torch.nn.Module:
    """Larger weights than a fresh model's, so that different texts give different answers."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(8)
    return model


def image_processor(size: int) -> CLIPImageProcessorPil:
    """Shorter side to `size`, then the middle square."""
    return CLIPImageProcessorPil(size={"shortest_edge": size}, crop_size={"height": size, "width": size})


def language(folder: Path, kind: str = "llama", positions: int = 128) -> Path:
    """Llama-like, or GPT-2-like with learnt absolute positions."""
    tok = tokenizer(("<s>", "</s>"), positions)
    tok.chat_template = CHAT
    torch.manual_seed(1)
    if kind == "gpt2":
        config = transformers.GPT2Config(
            vocab_size=len(tok),
            n_positions=positions,
            n_embd=32,
            n_layer=2,
            n_head=2,
            bos_token_id=0,
            eos_token_id=1,
        )
        model = transformers.GPT2LMHeadModel(config)
    else:
        config = transformers.LlamaConfig(
            vocab_size=len(tok),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=positions,
            bos_token_id=0,
            eos_token_id=1,
        )
        model = transformers.LlamaForCausalLM(config)
    initialised(model).save_pretrained(folder)
    tok.save_pretrained(folder)
    return folder


def vision_language(folder: Path) -> Path:
    """Llava-like: a CLIP vision tower of 16 x 16 images with patches of 8, and a Llama-like language
    model."""
    tok = tokenizer(("<s>", "</s>"), 128, ("<image>",))
    torch.manual_seed(2)
    vision = transformers.CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
    )
    text = transformers.LlamaConfig(
        vocab_size=len(tok),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=128,
        bos_token_id=0,
        eos_token_id=1,
    )
    config = transformers.LlavaConfig(vision_config=vision, text_config=text, image_token_id=2, vision_feature_layer=-1)
    initialised(transformers.LlavaForConditionalGeneration(config)).save_pretrained(folder)
    processor = transformers.LlavaProcessor(
        image_processor=image_processor(16),
        tokenizer=tok,
        patch_size=8,
        vision_feature_select_strategy="default",
        chat_template=CHAT,
        num_additional_image_tokens=1,
    )
    processor.save_pretrained(folder)
    return folder


def dual_encoder(folder: Path, kind: str = "clip") -> Path:
    """CLIP or SigLIP of 32 x 32 images and texts of 16 tokens."""
    tok = tokenizer(("<|startoftext|>", "<|endoftext|>"), 16, end=True)
    shared = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = {**shared, "vocab_size": len(tok), "max_position_embeddings": 16}
    text |= {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    vision = {**shared, "image_size": 32, "patch_size": 8}
    torch.manual_seed(3)
    if kind == "siglip":
        text |= {"projection_size": 32}
        model = transformers.SiglipModel(transformers.SiglipConfig(text_config=text, vision_config=vision))
    else:
        config = transformers.CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)
        model = transformers.CLIPModel(config)
    model.save_pretrained(folder)
    tok.save_pretrained(folder)
    image_processor(32).save_pretrained(folder)
    return folder


def text_encoder(folder: Path) -> Path:
    """BERT-like, without a pooling file."""
    tok = tokenizer(("[CLS]", "[SEP]"), 64, end=True)
    torch.manual_seed(4)
    config = transformers.BertConfig(
        vocab_size=len(tok),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=64,
    )
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tok.save_pretrained(folder)
    return folder


MAKERS = {
    "language": language,
    "long-language": lambda folder: language(folder, positions=8192),
    "vision-language": vision_language,
    "dual-encoder": dual_encoder,
    "text-encoder": text_encoder,
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    for made, target in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        MAKERS[made](Path(target))
